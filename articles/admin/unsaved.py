"""Keeping, bringing back and throwing away what somebody typed and did not save."""

import re

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.utils.safestring import SafeString, mark_safe

from articles import autosave, html
from articles.models import Article, Autosave

UPDATE_BODY = re.compile(r"addenda-\d+-body")


def keep_typed(request, article: Article | None) -> bool:
    """Keeps a form that is refused. False if it holds too much text for that."""
    version = request.POST.get("base_version", "")
    try:
        autosave.keep(
            request.user,
            article,
            form_key=request.POST.get("form_key", "")[:32],
            fields=request.POST,
            base_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )
    except autosave.AutosaveTooLarge:
        return False
    return True


def refuse_with_text(model_admin, request, object_id: str | None):
    """
    The answer to somebody who could change this article when they opened it, and cannot any more because it was
    published meanwhile: what they typed is kept, and shown to be copied. None for everybody else.
    """
    if object_id is None or model_admin.has_publish_permission(request):
        return None
    article = model_admin.get_object(request, object_id)
    writes_here = article and model_admin.has_change_permission(request)
    if not writes_here or model_admin.has_change_permission(request, article):
        return None
    context = {"is_kept": keep_typed(request, article), "typed": typed_texts(request.POST)}
    response = model_admin.page(request, article, "too_late.html", "Not saved", **context)
    response.status_code = 403
    return response


def typed_texts(fields: QueryDict) -> list[tuple[str, str | SafeString]]:
    """The texts of a form under the names that its fields have, cleaned as a save would clean them."""
    texts = {
        "Headline": fields.get("headline", ""),
        "Standfirst": fields.get("standfirst", ""),
        "Lead note": mark_safe(html.clean_note(fields.get("lead_note", ""))),
        "Body": mark_safe(html.clean_body(fields.get("body", ""))),
    }
    updates = [("Update", mark_safe(html.clean_body(fields[name]))) for name in fields if UPDATE_BODY.fullmatch(name)]
    return [(label, text) for label, text in [*texts.items(), *updates] if text]


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
