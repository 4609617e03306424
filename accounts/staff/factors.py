"""
The second factors of one person, kept and judged by django-allauth: codes of an app, passkeys, and recovery codes for
the day on which neither is at hand. Every question is asked with a person who has typed the right password just now,
or is signed in.
"""

import base64
import datetime as dt
import json
import struct

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as passkeys
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.staff.adapter import SecondFactorAdapter
from foundation import limits

Type = Authenticator.Type
APP, PASSKEY, RECOVERY = Type.TOTP, Type.WEBAUTHN, Type.RECOVERY_CODES
# Longer than any code is good for, so that one which was looked over a shoulder opens nothing.
CODE_LIVES = dt.timedelta(minutes=2)
LONGEST_NAME = 60
# What the libraries stumble over in bytes that no passkey made.
NO_ANSWER = (
    ValidationError, ValueError, LookupError, TypeError, AttributeError, RecursionError, struct.error,
    InvalidSignature, UnsupportedAlgorithm,
)  # fmt: skip


class NotFirst(Exception):
    """Nothing was added: meanwhile this person has a second factor, and should show it."""


class HasApp(Exception):
    """Nothing was added: there is room for one app, and nobody said that this one takes its place."""


def of(user: User) -> list[Authenticator]:
    """Without recovery codes, which are none of their own."""
    return list(Authenticator.objects.filter(user=user).exclude(type=RECOVERY).order_by("created_at", "pk"))


def has_any(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exclude(type=RECOVERY).exists()


def has_passkey(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=PASSKEY).exists()


def check_code(user: User, code: str) -> str:
    """The kind of factor that this code is of, `totp` or `recovery_codes`; empty for one that opens nothing."""
    code = _plain(code)
    for kind in (APP, RECOVERY):
        found = Authenticator.objects.filter(user=user, type=kind).first()
        if found is None or not code:
            continue
        is_right = _is_fresh_app_code(found, code) if kind == APP else RecoveryCodes(found).validate_code(code)
        if is_right:
            found.refresh_from_db()
            found.record_usage()
            return str(kind)
    return ""


def _is_fresh_app_code(app: Authenticator, code: str) -> bool:
    """Each opens once: of two who type the same one, at most the first gets in."""
    secret = SecondFactorAdapter().decrypt(app.data["secret"])
    return validate_totp_code(secret, code) and _is_first_use(app, code)


def _is_first_use(app: Authenticator, code: str) -> bool:
    return limits.note("desk.code-used", f"{app.pk}:{code}", window=CODE_LIVES) == 1


def _plain(code: str) -> str:
    """As codes are compared: the same one with a dash in it is no other."""
    return normalize_user_code("".join(code.split()))


def new_secret() -> str:
    return generate_totp_secret()


def picture_of(user: User, secret: str) -> str:
    """The address of a square to photograph, as a `data:` address."""
    adapter = SecondFactorAdapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def is_code_of(secret: str, code: str) -> bool:
    return validate_totp_code(secret, _plain(code))


def app_of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user, type=APP).first()


@transaction.atomic
def add_app(user: User, secret: str, code: str, *, is_first: bool = False, replaces: bool = False) -> bool:
    """
    Says whether it took the place of another, which it does only when asked to. The code that proved it has had its
    one use. Raises NotFirst and HasApp.
    """
    _hold(user, is_first=is_first)
    there = app_of(user)
    if there and not replaces:
        raise HasApp
    if there:
        there.delete()
    _is_first_use(TOTP.activate(user, secret).instance, _plain(code))
    _keep_recovery_codes(user)
    return there is not None


def _hold(user: User, *, is_first: bool) -> None:
    """One after the other: of two half sign-ins at once, which have no more than the password, one adds the first."""
    User.objects.select_for_update().get(pk=user.pk)
    if is_first and has_any(user):
        raise NotFirst


def passkey_questions(user: User, *, adding: bool) -> dict:
    """What the browser asks its key. The challenge waits in the session."""
    if adding:
        return {"creation_options": passkeys.begin_registration(user, passwordless=False)}
    return {"request_options": passkeys.begin_authentication(user)}


@transaction.atomic
def add_passkey(user: User, answer: str, name: str, *, is_first: bool = False) -> bool:
    """Says whether the answer of the browser's key is good. Raises NotFirst."""
    _hold(user, is_first=is_first)
    try:
        credential = json.loads(answer)
        passkeys.parse_registration_response(credential)
        passkeys.complete_registration(credential)
    except NO_ANSWER:
        return False
    passkeys.WebAuthn.add(user, name.strip()[:LONGEST_NAME] or "Passkey", credential)
    _keep_recovery_codes(user)
    return True


def check_passkey(user: User, answer: str) -> bool:
    try:
        credential = json.loads(answer)
        passkeys.parse_authentication_response(credential)
        found = passkeys.complete_authentication(user, credential)
    except NO_ANSWER:
        return False
    found.record_usage()
    return True


def recovery_codes(user: User) -> list[str]:
    """Those that are left."""
    found = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return RecoveryCodes(found).get_unused_codes() if found else []


def are_codes_kept(user: User) -> bool:
    """Whether the person has said that the codes are written down: they are shown until then, and never after."""
    found = Authenticator.objects.filter(user=user, type=RECOVERY).first()
    return found is None or RecoveryCodes(found).did_view


def say_codes_are_kept(user: User) -> None:
    for found in Authenticator.objects.filter(user=user, type=RECOVERY):
        RecoveryCodes(found).mark_as_viewed()


@transaction.atomic
def renew_recovery_codes(user: User) -> None:
    Authenticator.objects.filter(user=user, type=RECOVERY).delete()
    _keep_recovery_codes(user)


def _keep_recovery_codes(user: User) -> None:
    RecoveryCodes.activate(user)


@transaction.atomic
def remove(user: User, factor_id: int, *, may_be_last: bool) -> Authenticator | None:
    """None when there is no such factor of this person, or when it is the last one and one is needed."""
    User.objects.select_for_update().get(pk=user.pk)
    found = next((factor for factor in of(user) if factor.pk == factor_id), None)
    if found is None or (len(of(user)) == 1 and not may_be_last):
        return None
    Authenticator.objects.filter(pk=found.pk).delete()
    if not has_any(user):
        Authenticator.objects.filter(user=user).delete()
    return found


def remove_all(user: User) -> int:
    return Authenticator.objects.filter(user=user).delete()[0]
