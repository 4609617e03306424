"""What is a commenter's own: all they wrote, whether they get mail and wear a badge, their data, and the ways out."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from comments import erasing, identity, persons, stopping, written_here
from comments.findings import Refused
from comments.models import Comment, Commenter
from comments.views.answers import GONE, UNPROCESSABLE, form_page, lead_to
from comments.views.confirm import NO_LINK, discreet
from comments.views.own import listed
from foundation import standing

PER_PAGE = 50


@form_page
def mine(request: HttpRequest) -> HttpResponse:
    """Of this browser's person; of the browser itself while it is nobody's."""
    return _page(request)


def _page(request: HttpRequest, *, trouble: str = "") -> HttpResponse:
    """With trouble about the name, whose form then stands as it was sent."""
    person = identity.person_of(request)
    rows = Comment.objects.select_related("article", "commenter").newest_first()
    rows = rows.filter(commenter=person) if person else rows.filter(uid__in=written_here.uids(request))
    number = _page_number(request)
    found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    context = {
        "person": person,
        "all_own": listed(found[:PER_PAGE]),
        "earlier": number + 1 if len(found) > PER_PAGE else None,
        "later": number - 1 if number > 1 else None,
        "is_confirmed": "confirmed" in request.GET,
        "is_saved": "saved" in request.GET,
        "sign_in": f"{reverse('account_login')}?{urlencode({'next': reverse('comments_mine')})}",
    }
    if person:
        ticked = set(request.POST) if trouble else _ticked(person)
        context |= {
            "is_by_cookie": identity.is_by_cookie(request),
            "may_show_backing": person.shows_backing or standing.is_backer(person.email),
            "trouble": trouble,
            "name": request.POST.get("name", "") if trouble else person.name,
            "ticked": ticked,
            "muted": [
                (mute.root, f"hear-{mute.root.uid}" in ticked) for mute in person.mutes.select_related("root__article")
            ],
        }
    return render(request, "comments/person/mine.html", context, status=UNPROCESSABLE if trouble else 200)


def _ticked(person: Commenter) -> set[str]:
    boxes = {"mails": not person.mails_stopped_at, "badge": person.shows_backing}
    return {name for name, is_ticked in boxes.items() if is_ticked}


@form_page
def change(request: HttpRequest) -> HttpResponse:
    """One form for name, mail, badge and muted threads; each of them may be left out."""
    person = identity.person_of(request)
    if person is None or request.method != "POST":
        return redirect("comments_mine")
    name = request.POST.get("name")
    if name is not None and name != person.name and identity.is_by_cookie(request):
        try:
            persons.rename(person, name)
        except Refused as refusal:
            return _page(request, trouble=refusal.words)
    (stopping.go_on if "mails" in request.POST else stopping.stop)(person)
    shows = "badge" in request.POST
    if shows != person.shows_backing:
        persons.show_backing(person, shows)
    for root in Comment.objects.filter(mutes__commenter=person):
        if f"hear-{root.uid}" in request.POST:
            stopping.unmute(person, root)
    return lead_to(request, f"{reverse('comments_mine')}?saved=1")


@form_page
def export(request: HttpRequest) -> HttpResponse:
    person = identity.person_of(request)
    if person is None:
        return redirect("comments_mine")
    response = JsonResponse(persons.of(person), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="comments.json"'
    return response


@form_page
def leave(request: HttpRequest) -> HttpResponse:
    """This browser forgets who it is; with `everywhere`, every browser that a letter made known."""
    person = identity.person_of(request)
    if request.method != "POST":
        return redirect("comments_mine")
    if person is not None and "everywhere" in request.POST:
        identity.forget_everywhere(person)
    response = lead_to(request, reverse("comments_mine"))
    identity.forget(response)
    return response


@form_page
def ask_to_erase(request: HttpRequest) -> HttpResponse:
    """A browser left open must not be enough: a letter brings the link that does it."""
    person = identity.person_of(request)
    if person is None:
        return redirect("comments_mine")
    if request.method != "POST":
        return render(request, "comments/person/ask_to_erase.html", {"person": person})
    is_sent = erasing.send_link(person)
    return render(request, "comments/person/erase_asked.html", {"person": person, "is_sent": is_sent})


@form_page
def erase(request: HttpRequest, token: str) -> HttpResponse:
    try:
        person = erasing.read(token)
        if request.method == "POST":
            erasing.erase(token, keeps_words=request.POST.get("words") == "keep")
            return _gone(request)
    except NO_LINK:
        return discreet(render(request, "comments/person/link_over.html", status=GONE))
    return discreet(render(request, "comments/person/erase.html", {"person": person, "number": _number(person)}))


@form_page
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "comments/person/erased.html")


def _gone(request: HttpRequest) -> HttpResponse:
    response = lead_to(request, reverse("comments_erased"))
    identity.forget(response)
    return discreet(response)


def _number(person: Commenter) -> int:
    return person.comments.count()


def _page_number(request: HttpRequest) -> int:
    told = request.GET.get("page", "")
    return int(told) if told.isascii() and told.isdigit() and 0 < len(told) < 6 and int(told) else 1
