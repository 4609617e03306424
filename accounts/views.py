"""A reader's way in and out, and the page of their own account. None of these pages is ever stored."""

import functools
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import codes, own_data
from accounts.forms import AddressForm, CodeForm, NameForm

UNPROCESSABLE = 422
FRESH_FOR = 10 * 60  # seconds since the code was typed


def signed_in(view: Callable) -> Callable:
    """Others are asked to sign in first, and come back."""

    @functools.wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect(_with_next("account_login", request.path))
        return view(request, *args, **kwargs)

    return never_cache(wrapped)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The address. Whoever is signed in already goes where they wanted to go."""
    onward = get_next_redirect_url(request)
    if request.user.is_authenticated:
        return redirect(onward or reverse("account"))
    if request.method != "POST":
        return _ask_for_address(request, AddressForm(), onward, is_over="over" in request.GET)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _ask_for_address(request, form, onward, status=UNPROCESSABLE)
    try:
        codes.send(request, form.cleaned_data["email"])
    except codes.TooManyCodes as refusal:
        form.add_error("email", str(refusal))
        return _ask_for_address(request, form, onward, status=429)
    return redirect(_with_next("account_confirm_login_code", onward))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The code, in the browser that asked for it."""
    onward = get_next_redirect_url(request)
    if request.user.is_authenticated:
        return redirect(onward or reverse("account"))
    process = codes.pending(request)
    if process is None:
        return redirect(_with_next("account_login", onward, over="1"))
    if request.method != "POST":
        return _ask_for_code(request, CodeForm(), process, onward)
    is_try = bool(request.POST.get("code", "").strip())
    if is_try and not process.may_try():
        return redirect(_with_next("account_login", onward, over="1"))
    form = CodeForm(request.POST, expected=process.code)
    if form.is_valid():
        return process.finish(onward)
    if is_try and not process.record_invalid_attempt():
        return redirect(_with_next("account_login", onward, over="1"))
    return _ask_for_code(request, form, process, onward, status=UNPROCESSABLE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    onward = get_next_redirect_url(request)
    if request.method == "POST":
        get_adapter().logout(request)
        return redirect(onward or "home")
    if not request.user.is_authenticated:
        return redirect(onward or "home")
    return render(request, "account/logout.html", {"onward": onward})


@never_cache
@require_safe
def inactive(request: HttpRequest) -> HttpResponse:
    """Where django-allauth leads somebody whose account was closed at the desk."""
    return render(request, "account/account_inactive.html", status=403)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here. Posting changes the name."""
    user = request.user
    if request.method != "POST":
        form = NameForm(initial={"name": user.name}, user=user)
        return render(request, "account/account.html", {"form": form, "is_saved": "saved" in request.GET})
    form = NameForm(request.POST, user=user)
    if not form.is_valid():
        return render(request, "account/account.html", {"form": form}, status=UNPROCESSABLE)
    user.name = form.cleaned_data["name"]
    user.save(update_fields=["name"])
    return redirect(f"{reverse('account')}?saved=1")


@signed_in
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    response = JsonResponse(own_data.of(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = 'attachment; filename="account.json"'
    return response


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Only shortly after a code: a browser left open must not be enough to take somebody's account away."""
    is_fresh = _is_fresh(request)
    if request.method != "POST":
        return render(request, "account/erase.html", {"is_fresh": is_fresh, "next": reverse("account_erase")})
    if not is_fresh:
        return redirect("account_erase")
    if not request.POST.get("sure"):
        trouble = "Tick the box to say that you mean it."
        return render(request, "account/erase.html", {"is_fresh": True, "trouble": trouble}, status=UNPROCESSABLE)
    try:
        own_data.erase(request.user)
    except own_data.NotErased as refusal:
        return render(request, "account/erase.html", {"is_fresh": True, "trouble": str(refusal)}, status=409)
    logout(request)
    return redirect("account_erased")


@never_cache
@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "account/erased.html")


@signed_in
@require_POST
def sign_in_anew(request: HttpRequest) -> HttpResponse:
    """Out, and back with a fresh code to where one came from."""
    onward = get_next_redirect_url(request)
    logout(request)
    return redirect(_with_next("account_login", onward))


def _is_fresh(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < FRESH_FOR


def _ask_for_address(request: HttpRequest, form, onward: str | None, *, status: int = 200, **told) -> HttpResponse:
    return render(request, "account/sign_in.html", {"form": form, "next": onward, **told}, status=status)


def _ask_for_code(request: HttpRequest, form, process, onward: str | None, *, status: int = 200) -> HttpResponse:
    told = {"form": form, "email": process.state["email"], "next": onward, "again": _with_next("account_login", onward)}
    return render(request, "account/code.html", told, status=status)


def _with_next(route: str, onward: str | None, **told: str) -> str:
    query = urlencode({**told, **({"next": onward} if onward else {})})
    return f"{reverse(route)}?{query}" if query else reverse(route)
