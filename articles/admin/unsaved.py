"""Bringing back, or throwing away, what somebody typed and did not save."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict

from articles.models import Autosave


def restore_if_asked(request) -> None:
    """
    Puts the kept text in the place of what was posted. The form then comes back filled with it and saves nothing,
    by the same road on which a refused form comes back, so that rows added in the browser come back as well.
    """
    if "_restore" not in request.POST:
        return
    kept = _own_autosave(request, request.POST["_restore"])
    data = QueryDict(mutable=True)
    for name, texts in kept.data.items():
        data.setlist(name, texts)
    data["base_version"], data["form_key"] = str(kept.base_version), kept.form_key
    request.POST, request.is_restoring, request.restored = data, True, kept


def discard_if_asked(request) -> HttpResponseRedirect | None:
    if "_discard" not in request.POST:
        return None
    _own_autosave(request, request.POST["_discard"]).delete()
    messages.info(request, "What was not saved has been thrown away.")
    return HttpResponseRedirect(request.path)


def _own_autosave(request, pk: str) -> Autosave:
    row = Autosave.objects.filter(pk=pk, user=request.user).first() if pk.isdecimal() else None
    if row is None:
        raise Http404("No such unsaved text.")
    return row
