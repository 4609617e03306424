"""A person at the desk: what they wrote, what was decided about them and why, and the verbs for all of it."""

import datetime as dt
import json
import uuid

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.defaultfilters import pluralize
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from comments import judging, moderation, persons, queue
from comments.admin import acting
from comments.admin.base import BANS, MODERATES, ModerationAdmin, insist
from comments.findings import Refused
from comments.models import Act, Comment, Commenter
from foundation import clock

SHOWN = 50
# What "everything is spam" leaves alone: it is there already, or it is nobody's to change.
SPAMMABLE = [Comment.Status.PENDING, Comment.Status.PUBLIC, Comment.Status.HELD]


class StandingFilter(admin.SimpleListFilter):
    title = "standing"
    parameter_name = "standing"

    def lookups(self, request, model_admin):
        return [("banned", "banned now"), ("waits", "always waits"), ("confirmed", "address confirmed")]

    def queryset(self, request, queryset):
        if self.value() == "banned":
            return queryset.banned()
        if self.value() == "waits":
            return queryset.filter(always_waits=True)
        return queryset.filter(confirmed_at__isnull=False) if self.value() == "confirmed" else queryset


class EraseForm(forms.Form):
    keeps_words = forms.BooleanField(
        required=False,
        label="Let the words stand, signed by nobody",
        help_text="Otherwise they go too, and where somebody answered an empty place stays.",
    )
    is_sure = forms.BooleanField(label="I have read this, and the person asked for it")


@admin.register(Commenter)
class CommenterAdmin(ModerationAdmin):
    list_display = ["who", "written"]
    list_display_links = None
    list_filter = [StandingFilter]
    search_fields = ["name", "email"]
    actions = None

    def get_urls(self):
        return [
            self.page_of(self.act_view, "<int:object_id>/act/", "act"),
            self.page_of(self.export_view, "<int:object_id>/data/", "data"),
            self.page_of(self.erase_view, "<int:object_id>/erase/", "erase"),
            *super().get_urls(),
        ]

    # The list

    def get_queryset(self, request):
        per_person = Comment.objects.filter(commenter=OuterRef("pk")).order_by().values("commenter")
        counted = Subquery(per_person.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        return super().get_queryset(request).annotate(number=Coalesce(counted, 0))

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "People who comment", **(extra_context or {})})

    @admin.display(description="person", ordering="name")
    def who(self, person):
        """With the address, the standing and the beginning under it, so that the list fits a phone."""
        known = [person.email, self._standing(person), f"since {date_format(localtime(person.created_at), 'j M Y')}"]
        return format_html(
            '<a href="{}"><bdi>{}</bdi></a><div class="listed">{}</div>',
            self.address_of("change", person.pk),
            str(person),
            " · ".join(filter(None, known)),
        )

    @admin.display(description="comments", ordering="number")
    def written(self, person):
        return person.number

    def _standing(self, person):
        told = [("banned", person.is_banned), ("always waits", person.always_waits), ("erased", person.erased_at)]
        return ", ".join(words for words, is_so in told if is_so) or (
            "confirmed" if person.confirmed_at else "address only typed"
        )

    # One of them

    def change_view(self, request, object_id, form_url="", extra_context=None):
        person = self._person(request, object_id)
        comments = person.comments.select_related("article").defer("article__body", "article__body_html")
        return self.page(
            request,
            "commenter/person.html",
            str(person),
            person=person,
            history=queue.histories_of([person])[person.pk],
            comments=list(comments.newest_first()[:SHOWN]),
            number=person.number,
            spammable=person.comments.filter(status__in=SPAMMABLE).count(),
            acts=with_lengths(person, list(person.acts.filter(comment=None).select_related("by"))),
            told=acting.told(request.GET.get("done", ""), request.user),
            batch=uuid.uuid4(),
            ban_for=acting.BAN_FOR,
            usual_ban=acting.USUAL_BAN,
            may_moderate=request.user.has_perm(MODERATES),
            may_ban=request.user.has_perm(BANS),
            may_export=request.user.has_perm("comments.change_commenter"),
            may_erase=request.user.has_perm("comments.delete_commenter") and not person.erased_at,
        )

    def _person(self, request, object_id) -> Commenter:
        if not (str(object_id).isdecimal() and len(str(object_id)) < 19):
            raise Http404("No such person.")
        return self.find(request, object_id)

    def act_view(self, request, object_id):
        """Ban, lift, make wait, and all that one person wrote called spam: one press, one batch, one undo."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        person, act = self._person(request, object_id), ACTS.get(request.POST.get("act", ""))
        if act is None:
            raise Http404("No such act.")
        permission, verb = act
        insist(request, permission)
        batch = _batch(request.POST.get("batch", ""))
        try:
            for refusal in verb(person, request, batch) or ():
                messages.warning(request, refusal)
        except (Refused, judging.DecidedAlready) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(f"{self.address_of('change', person.pk)}?done={batch}")

    def export_view(self, request, object_id):
        """Everything about this person, to be given to them. That it was handed out is logged."""
        person = self._person(request, object_id)
        insist(request, "comments.change_commenter")
        written = json.dumps(persons.of(person), ensure_ascii=False, indent=2)
        self.log_change(request, person, "Handed out the data kept about this person.")
        response = HttpResponse(written, content_type="application/json; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="commenter-{person.pk}-{clock.now():%Y-%m-%d}.json"'
        response["Cache-Control"] = "no-store"
        return response

    def erase_view(self, request, object_id):
        person = self._person(request, object_id)
        if not request.user.has_perm("comments.delete_commenter"):
            raise PermissionDenied
        form = EraseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            persons.erase(person, keeps_words=form.cleaned_data["keeps_words"])
            self.log_change(request, person, "Erased this person.")
            return self.done(request, self.address_of("change", person.pk), "Erased. Nothing says who it was.")
        return self.page(request, "commenter/erase.html", "Erase this person", person=person, form=form)


def with_lengths(person: Commenter, acts: list[Act]) -> list[Act]:
    """How long each ban was for. What one set, the next one found: an act keeps how it was before."""
    until = person.banned_until
    for act in acts:
        if act.verb not in (Act.Verb.BAN, Act.Verb.UNBAN) or act.undone_at:
            continue
        if act.verb == Act.Verb.BAN:
            act.lasts = f"until {date_format(localtime(until), 'j F Y')}" if until else "for good"
        before = act.before.get("banned_until")
        until = dt.datetime.fromisoformat(before) if before else None
    return acts


def _ban(person, request, batch):
    until = acting.ban_until(request.POST.get("ban-for", ""))
    reason = request.POST.get("ban-reason", "").replace("\0", "").strip()[:300]
    judging.ban(person.pk, by=request.user, until=until, reason=reason or acting.NO_REASON, batch=batch)


def _unban(person, request, batch):
    moderation.unban(person, request.user, batch=batch)


def _wait_always(person, request, batch):
    moderation.wait_always(person, request.user, batch=batch)


def _wait_no_more(person, request, batch):
    moderation.wait_no_more(person, request.user, batch=batch)


def _spam_all(person, request, batch) -> list[str]:
    rows = person.comments.filter(status__in=SPAMMABLE).oldest_first()
    found = list(rows[: acting.MOST_AT_ONCE + 1])
    refusals = acting.all_of(found[: acting.MOST_AT_ONCE], Act.Verb.SPAM, by=request.user, batch=batch)
    if len(found) > acting.MOST_AT_ONCE:
        left = rows.count()
        refusals.append(f"{left} comment{pluralize(left)} left: press again for the next {acting.MOST_AT_ONCE}.")
    return refusals


ACTS = {
    "ban": (BANS, _ban),
    "unban": (BANS, _unban),
    "wait_always": (MODERATES, _wait_always),
    "wait_no_more": (MODERATES, _wait_no_more),
    "spam_all": (MODERATES, _spam_all),
}


def _batch(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
