"""The pages at the door of the desk. None of them is ever stored; all stand under the desk's own policy."""

import logging

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import logout
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.staff import door, factors, letters, rights, sessions, throttle
from accounts.staff.forms import FactorForm, PasswordForm

logger = logging.getLogger(__name__)

UNPROCESSABLE, TOO_MANY = 422, 429
SECRET = "desk.secret"  # noqa: S105 (the name of a place)
WRONG_CODE = "This is not the code of this moment, or it was used before. Codes change twice a minute."
WRONG_KEY = "The passkey did not answer as we expected. Please try again."
NOT_ASKED = "You use an app already. Tick the box below if this one is to take its place."
NOT_FIRST = "Meanwhile a second step was set up for you in another window. Use it here."
GET_AND_POST = ["GET", "HEAD", "POST"]


class PasswordView(LoginView):
    template_name = "admin/login.html"
    authentication_form = PasswordForm

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        return door.after_password(self.request, form.get_user(), self.get_success_url())

    def get_default_redirect_url(self) -> str:
        return reverse("admin:index")


@never_cache
@require_http_methods(GET_AND_POST)
def second_factor(request: HttpRequest) -> HttpResponse:
    """After the password: a code, a passkey, or a recovery code."""
    waiting = door.pending(request)
    if waiting is None or not factors.has_any(waiting.user):
        return redirect("admin:login")
    if request.method != "POST":
        return _ask(request, waiting.user)
    form = FactorForm(request.POST)
    if not form.is_valid():
        return _ask(request, waiting.user, WRONG_CODE, UNPROCESSABLE)
    if not throttle.may_try_code(waiting.user):
        return _ask(request, waiting.user, throttle.TOO_MANY, TOO_MANY)
    if answer := form.cleaned_data["credential"]:
        factor = str(factors.PASSKEY) if factors.check_passkey(waiting.user, answer) else ""
    else:
        factor = factors.check_code(waiting.user, form.cleaned_data["code"])
    if not factor:
        logger.warning("User %s was refused at the desk's door: a wrong second factor", waiting.user.pk)
        return _ask(request, waiting.user, WRONG_KEY if answer else WRONG_CODE, UNPROCESSABLE)
    if factor == factors.RECOVERY:
        left = len(factors.recovery_codes(waiting.user))
        letters.tell(
            waiting.user,
            "A recovery code was used",
            f"Somebody signed in as you with a recovery code; {left} are left.",
        )
    return door.enter(request, waiting.user, factor, waiting.onward)


def _ask(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    questions = factors.passkey_questions(user, adding=False) if factors.has_passkey(user) else None
    has_app = factors.app_of(user) is not None
    told = {"title": "Second step", "questions": questions, "has_app": has_app, "trouble": trouble, "who": user.email}
    return _page(request, "second_factor.html", status=status, **told)


@never_cache
@require_http_methods(GET_AND_POST)
def set_up(request: HttpRequest) -> HttpResponse:
    """The first second factor, after the password; or one more, shortly after signing in."""
    waiting = door.pending(request)
    if waiting is not None and factors.has_any(waiting.user):
        return redirect("admin:second_factor")
    is_inside = waiting is None and admin.site.has_permission(request)
    if not is_inside and waiting is None:
        return redirect("admin:login")
    if is_inside and not sessions.is_fresh(request):
        return redirect("admin:my_sign_in")
    user = request.user if is_inside else waiting.user
    if request.method != "POST":
        return _offer(request, user)
    form = FactorForm(request.POST)
    if not form.is_valid():
        return _offer(request, user, WRONG_CODE, UNPROCESSABLE)
    if not throttle.may_try_code(user):
        return _offer(request, user, throttle.TOO_MANY, TOO_MANY)
    try:
        factor, trouble = _added(request, user, form.cleaned_data, is_first=not is_inside)
    except factors.NotFirst:
        messages.warning(request, NOT_FIRST)
        return redirect("admin:second_factor")
    if trouble:
        return _offer(request, user, trouble, UNPROCESSABLE)
    if is_inside:
        is_kept = factors.are_codes_kept(user)
        messages.success(request, f"{_in_words(factor)} can now be used. {_codes_in_words(user) if is_kept else ''}")
        return redirect("admin:my_sign_in" if is_kept else "admin:recovery_codes")
    onward = f"{reverse('admin:recovery_codes')}?{urlencode({'next': waiting.onward})}"
    return door.enter(request, user, factor, onward)


def _added(request: HttpRequest, user: User, typed: dict, *, is_first: bool) -> tuple[str, str]:
    """Which kind was added, or what is wrong."""
    if typed["credential"]:
        if not factors.add_passkey(user, typed["credential"], typed["name"], is_first=is_first):
            return "", WRONG_KEY
        _tell_added(user, factors.PASSKEY)
        return str(factors.PASSKEY), ""
    secret = request.session.get(SECRET, "")
    if not secret or not factors.is_code_of(secret, typed["code"]):
        return "", WRONG_CODE
    try:
        is_instead = factors.add_app(user, secret, typed["code"], is_first=is_first, replaces=typed["replaces"])
    except factors.HasApp:
        return "", NOT_ASKED
    del request.session[SECRET]
    _tell_added(user, factors.APP, is_instead=is_instead)
    return str(factors.APP), ""


def _tell_added(user: User, factor: str, *, is_instead: bool = False) -> None:
    if is_instead:
        told = "Another app shows your codes from now on; those of the app before it open nothing any more."
        return letters.tell(user, "Your app was replaced", told)
    told = f"{_in_words(factor)} can now be used to sign in as you."
    return letters.tell(user, "A second factor was added", told)


def _codes_in_words(user: User) -> str:
    left = len(factors.recovery_codes(user))
    return f"Your recovery codes stay as they are; {left or 'none'} {'is' if left == 1 else 'are'} left."


def _offer(request: HttpRequest, user: User, trouble: str = "", status: int = 200) -> HttpResponse:
    """The secret stays while the page is loaded again, or what was photographed would be of no use."""
    secret = request.session.get(SECRET) or factors.new_secret()
    request.session[SECRET] = secret
    told = {
        "title": "Set up a second step",
        "picture": factors.picture_of(user, secret),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "questions": factors.passkey_questions(user, adding=True),
        "trouble": trouble,
        "who": user.email,
        "is_first": not factors.has_any(user),
        "app": factors.app_of(user),
        "codes_told": _codes_in_words(user),
        "typed": request.POST,
    }
    return _page(request, "set_up.html", status=status, **told)


@require_http_methods(GET_AND_POST)
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Shown until the person says that they are kept, and shortly after signing in only."""
    if factors.are_codes_kept(request.user) or not sessions.is_fresh(request):
        return redirect("admin:my_sign_in")
    onward = door.safe(request.POST.get("next") or request.GET.get("next") or reverse("admin:my_sign_in"))
    if request.method == "POST":
        factors.say_codes_are_kept(request.user)
        return redirect(onward)
    codes = factors.recovery_codes(request.user)
    return _page(request, "recovery_codes.html", title="Your recovery codes", codes=codes, onward=onward)


@require_http_methods(GET_AND_POST)
def my_sign_in(request: HttpRequest) -> HttpResponse:
    """One's factors and sessions. What is changed here needs a sign-in of the last quarter of an hour."""
    if request.method == "POST":
        _change(request, request.POST.get("do", ""))
        # Signing in anew leads back here.
        return redirect(_login_again() if not request.user.is_authenticated else reverse("admin:my_sign_in"))
    user = request.user
    told = {
        "title": "Your sign-in",
        "factors": [(factor, _in_words(factor.type)) for factor in factors.of(user)],
        "has_app": factors.app_of(user) is not None,
        "codes_left": len(factors.recovery_codes(user)),
        "sessions": _told(sessions.of(user), request),
        "is_fresh": sessions.is_fresh(request),
        "may_remove": len(factors.of(user)) > 1 or not settings.STAFF_SECOND_FACTOR,
    }
    return _page(request, "my_sign_in.html", **told)


def _change(request: HttpRequest, what: str) -> None:
    user = request.user
    if what == "again":
        return logout(request)
    if what == "end":
        ended = sessions.end(user, session_id=_number(request))
        return messages.success(request, "That session is over." if ended else "There was no such session.")
    if what == "end_others":
        ended = sessions.end(user, but=request.session.session_key)
        return messages.success(request, f"Ended: {ended}.")
    if not sessions.is_fresh(request):
        return messages.error(request, "Please sign in again first: you did so more than a quarter of an hour ago.")
    if what == "remove":
        return _remove(request)
    if what == "renew" and factors.has_any(user):
        factors.renew_recovery_codes(user)
        letters.tell(user, "New recovery codes", "The recovery codes you had before open nothing any more.")
        return messages.success(request, "There are new codes; the old ones open nothing any more.")
    return None


def _remove(request: HttpRequest) -> None:
    removed = factors.remove(request.user, _number(request), may_be_last=not settings.STAFF_SECOND_FACTOR)
    if removed is None:
        return messages.error(request, "It was not removed: one second factor is always needed.")
    words = _in_words(removed.type)
    letters.tell(request.user, "A second factor was removed", f"{words} no longer opens the desk for you.")
    return messages.success(request, f"Removed: {words}.")


@require_http_methods(GET_AND_POST)
def sessions_of(request: HttpRequest, user_id: int) -> HttpResponse:
    """Of somebody else, for whoever administers people."""
    if not request.user.has_perm("accounts.change_user"):
        raise PermissionDenied
    person = User.objects.filter(pk=user_id).first()
    if person is None:
        raise Http404
    if request.method == "POST":
        number = _number(request) if request.POST.get("do") == "end" else None
        ended = sessions.end(person, session_id=number)
        if ended:
            rights.write(person, f"sessions ended: {ended}")
        if not request.session.exists(request.session.session_key):
            logout(request)  # one's own was among them: nothing can be written into it any more
            return redirect("admin:login")
        messages.success(request, f"Ended: {ended}.")
        return redirect("admin:sessions_of", user_id)
    told = {"person": person, "sessions": _told(sessions.of(person), request)}
    return _page(request, "sessions_of.html", title=f"Sessions of {person}", **told)


def _told(found, request: HttpRequest) -> list[dict]:
    return [
        {
            "row": row,
            "browser": sessions.browser_in_words(row.browser),
            "factor": _in_words(row.factor),
            "is_this": row.session_key == request.session.session_key,
        }
        for row in found
    ]


def _in_words(kind: str) -> str:
    words = {factors.APP: "Codes from an app", factors.PASSKEY: "A passkey", factors.RECOVERY: "A recovery code"}
    return {str(key): told for key, told in words.items()}.get(str(kind), "Password alone")


def _number(request: HttpRequest) -> int:
    told = request.POST.get("id", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else -1


def _login_again() -> str:
    return f"{reverse('admin:login')}?{urlencode({'next': reverse('admin:my_sign_in')})}"


def _page(request: HttpRequest, template: str, *, status: int = 200, **told) -> HttpResponse:
    return TemplateResponse(
        request, f"admin/staff/{template}", {**admin.site.each_context(request), **told}, status=status
    )
