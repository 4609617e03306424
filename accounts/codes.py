"""
Signing in by a code: django-allauth keeps the code in the asking browser's session, counts the attempts and compares.
Who the address belongs to is asked only when the code was right, so that neither answer nor time tells a stranger
whether an address is known; a new reader is made at that moment too.
"""

import datetime as dt
import logging

from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse

from accounts import letters
from accounts.models import User
from foundation import limits, remote_addr
from foundation.letters import fold

logger = logging.getLogger(__name__)

HOUR = dt.timedelta(hours=1)
PER_ADDRESS = 6
PER_NETWORK = 20
SITE_WIDE = 2000


class TooManyCodes(Exception):
    """No further code for now; the message says what to do."""


class CodeProcess(LoginCodeVerificationProcess):
    """As django-allauth has it, but to every address alike and for people who are not known yet."""

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:
        code = self.generate_code()
        letters.code(email, code)

    def may_try(self) -> bool:
        """
        Counts one, before anything is compared. Not in the session, of which requests sent at once each have a copy.
        A letter's code is good for so many tries altogether; then it is void.
        """
        who = f"{fold(self.state['email'])}\n{self.code}\n{self.state['at']}"
        if limits.slide("code.tries", who, limit=self.max_attempts, window=HOUR):
            return True
        self.abort()
        return False

    def finish(self, redirect_url: str | None) -> HttpResponse:
        self._user = person_at(self.state["email"])
        return super().finish(redirect_url)


def send(request: HttpRequest, email: str) -> None:
    """A letter with a code, which only this browser can use. An earlier one is void. Raises TooManyCodes."""
    _count(request, email)
    login = Login(user=None, email=email)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(CodeProcess.initial_state(user=None, email=email), initiated_by_user=True)
    process = CodeProcess(stage)
    process.send()
    process.persist()


def pending(request: HttpRequest) -> CodeProcess | None:
    """What this browser is waiting to finish. None without a code, and when its time is over."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    if stage is None:
        return None
    process = CodeProcess(stage)
    return process.abort_if_invalid()


def person_at(email: str) -> User:
    """Whoever has shown that they read mail at this address. One person, however many browsers ask at once."""
    user = _known(email) or _new(email)
    EmailAddress.objects.filter(email=user.email).exclude(user=user).delete()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


def is_proven(user: User) -> bool:
    """Whether somebody has signed in with a code from the address that this person has now."""
    return EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()


def _known(email: str) -> User | None:
    """
    Never by capitals, which databases give foreign letters too: "ı" is then "I", and whoever reads the mail of a domain
    with such a letter would be let in as somebody else.
    """
    return User.objects.annotate(small=Lower("email")).filter(small=email.strip().lower()).first()


def _new(email: str) -> User:
    try:
        with transaction.atomic():
            return User.objects.create_user(email)
    except IntegrityError:
        if user := _known(email):
            return user
        raise


def _count(request: HttpRequest, email: str) -> None:
    """One that is over its own limit is not counted for the site, or it could close the door to everybody."""
    network = remote_addr.network(remote_addr.client_address(request))
    if not limits.hit("code.network", network, limit=PER_NETWORK, window=HOUR):
        raise TooManyCodes("Many codes were asked for from your network within the hour. Please try again later.")
    if not limits.hit("code.address", fold(email), limit=PER_ADDRESS, window=HOUR):
        raise TooManyCodes(
            f"{PER_ADDRESS} codes went to this address within the hour. Use the newest of them, or try again later."
        )
    if not limits.hit("code.site", "", limit=SITE_WIDE, window=HOUR):
        logger.error("More than %d sign-in codes were asked for within an hour; no more are sent", SITE_WIDE)
        raise TooManyCodes("Too many codes are being asked for just now. Please try again in an hour.")
