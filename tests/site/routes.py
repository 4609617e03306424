"""
Every address of the site from the URL configuration itself, opened by everybody who might. What comes back is written
as one word: what was answered, and for a redirect whether it leads to somebody's door.
"""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from http.cookies import SimpleCookie

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from accounts import codes
from accounts.backends import BY_CODE
from accounts.models import User
from articles import images, previews
from articles.embeds import providers, snapshot
from articles.models import Masthead
from articles.theme import fingerprint
from bottrap import trap_links
from donations.models import Dedication, ExchangeRate, Intent, QuarterBook
from donations.quarters import Quarter
from foundation import clock
from tests import factories
from tests.articles.images import files
from tests.comments import making
from tests.donations.stripe_facts import PledgeStory, charge_of, gift, take_back

ROLES = ("anonymous", "reader", "other", "staff", "Author", "Editor", "Moderator", "Treasurer", "superuser")
METHODS = ("GET", "POST", "DELETE")
LETTERS = dict(zip("aroxAEMTS", ROLES, strict=True))
DOORS = {
    "/admin/login/": "desk",
    "/account/sign-in/": "sign-in",
    "/support/manage/": "manage",
    "/comments/mine/": "mine",
}
NOBODY = str(uuid.UUID(int=1))


def all_routes(patterns=None, before: str = "") -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern.url_patterns, route)
        else:
            yield route


def routes() -> list[str]:
    """In order, each once: two names may have one address."""
    return list(dict.fromkeys(all_routes()))


def asked(route: str, method: str) -> list[str]:
    """
    A reader at the desk's door is like any other; and where a method that no view knows is refused or taken for a
    look, few show it.
    """
    at_desk = route.startswith("admin/")
    if method == "DELETE":
        return ["anonymous", "reader"] if at_desk else ["anonymous", "reader", "superuser"]
    return [role for role in ROLES if role != "other" or not at_desk]


class World:
    """One row of everything, so that nobody is told that something is missing instead of being told to leave."""

    def __init__(self):
        self.article = factories.published(tags=[factories.tag()])
        factories.addendum(self.article)
        self.reader = codes.person_at("reader@example.org")
        writer = making.commenter(email="reader@example.org", name="Ada", user=self.reader)
        self.comment = making.public(self.article, commenter=writer, is_proven=True)
        self.page = apps.get_model("articles", "Page").objects.create(title="About", slug="about-us", body="<p>a</p>")
        self.image = images.store(files.encoded(files.picture()), title="A picture")
        snapshot.remember(providers.recognise("https://x.com/somebody/status/1233333333333333333"))
        link = previews.create(self.article, by=factories.editor(), lasts=dt.timedelta(days=1))
        self.preview = previews.address(link).removeprefix(settings.SITE_URL)
        PledgeStory(clock.now()).tell()
        payment = gift(clock.now(), name="g")
        take_back(charge_of(payment), clock.now(), minor=100)
        self.book = QuarterBook.objects.create(livemode=False, quarter=Quarter(2027, 1))
        ExchangeRate.objects.create(
            base="USD", currency="EUR", dated_on=clock.now().date(), rate=1, source="ecb", recorded_at=clock.now()
        )
        intent = Intent.objects.create(
            id=uuid.UUID(int=2**128 - 1), livemode=False, kind="once", currency="USD", amount_minor=1,
            status="completed", public_name="Ada", name_status="pending", created_at=clock.now(),
            completed_at=clock.now(),
        )  # fmt: skip
        Dedication.objects.create(intent=intent, name="Ada", email="reader@example.org")
        self.models = {model._meta.label_lower.replace(".", "/") for model in apps.get_models()}
        self.clients = {role: self._client(role) for role in ROLES}
        self.cookies = {
            role: {name: morsel.value for name, morsel in client.cookies.items()}
            for role, client in self.clients.items()
        }
        self.rows = {}

    def _client(self, role: str) -> Client:
        client = Client(raise_request_exception=False)
        if role == "anonymous":
            return client
        if role in ("reader", "other"):
            user = self.reader if role == "reader" else codes.person_at("other@example.org")
            client.force_login(user, backend=BY_CODE)
            return client
        if role == "superuser":
            user = factories.editor()
        else:
            user = User.objects.create_user(f"{role.lower()}@example.org", "a long password", is_staff=True)
            user.groups.set(Group.objects.filter(name=role))
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def row(self, label: str):
        if label not in self.rows:
            model = apps.get_model(*label.split("/"))
            # The newest: what the desk shows of a kind may be only some of its rows.
            self.rows[label] = model._base_manager.order_by("-pk").first() or any_row(model)
        return self.rows[label]

    def address(self, route: str) -> str:
        """With the names of rows that are there."""
        if (own := self._own(route)) is not None:
            return own
        found = re.match(r"admin/(\w+/\w+)/", route)
        number = str(self.row(found[1]).pk) if found and found[1] in self.models else "1"
        year, month, slug = self.article.public_path.split("/")
        slugs = {"section": self.article.section.slug, "author": self.article.authors.get().slug}
        slugs["tag"] = self.article.tags.get().slug
        values = {
            **dict.fromkeys(("object_id", "id", "user_id", "letter_id"), number),
            "article_id": self.article.pk,
            "act_id": self.row("comments/act").pk,
            "link_id": self.row("articles/previewlink").pk,
            "embed_id": self.row("articles/embed").pk,
            "content_type_id": ContentType.objects.get_for_model(self.article).pk,
            "year": year,
            "month": month,
            "slug": slugs.get(route.split("/")[0], slug),
            "number": 1,
            "uid": self.uid_for(route),
            "intent_id": NOBODY,
            "code": "usd",
            "token": "x" * 20,
            "name": "gift",
            "ordinal": self.book.quarter.ordinal,
        }
        if route.startswith("admin/r/"):
            values["object_id"] = self.article.pk
        return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(values[match[1]]), route)

    def uid_for(self, route: str) -> str:
        return str(self.article.uid if route.startswith(("comments/write/", "comments/on/")) else self.comment.uid)

    def _own(self, route: str) -> str | None:
        if route.startswith("^media/"):
            return images.address(self.image)
        if route.startswith("preview/"):
            return self.preview
        if route.startswith("do-not-follow/"):
            return trap_links.first()
        if route.startswith("theme/"):
            return f"/theme/{fingerprint(Masthead.load().accent_colour)}.css"
        if route == "admin/(?P<url>.*)$":
            return "/admin/nothing/"
        if route.startswith("admin/^(?P<app_label>"):
            return "/admin/articles/"
        return "/about-us/" if route == "<slug:slug>/" else None

    def answers(self, route: str, method: str) -> dict[str, str]:
        """Of each role that is asked."""
        address = self.address(route)
        return {role: self.answer(role, method, address) for role in asked(route, method)}

    def answer(self, role: str, method: str, address: str) -> str:
        """Undone afterwards, whatever it did."""
        client = self.clients[role]
        client.cookies = SimpleCookie(self.cookies[role])
        with transaction.atomic():
            response = client.generic(method, address)
            if response.streaming:
                b"".join(response.streaming_content)  # which closes the file
            transaction.set_rollback(True)
        return word(response)


def word(response) -> str:
    if 300 <= response.status_code < 400:
        place = response.headers.get("Location", "").partition("?")[0]
        return f"to-{DOORS[place]}" if place in DOORS else str(response.status_code)
    return str(response.status_code)


def cell(answers: dict[str, str]) -> str:
    """What every role is answered, in few words: `*=405`, or `aro=to-desk xMT=403 AES=200`."""
    if len(set(answers.values())) == 1:
        return f"*={answers['anonymous']}"
    told: dict[str, str] = {}
    for letter, role in LETTERS.items():
        if role in answers:
            told[answers[role]] = told.get(answers[role], "") + letter
    return " ".join(f"{letters}={answer}" for answer, letters in told.items())


def table(text: str) -> dict[str, dict[str, str]]:
    """The declared rows: by route and method what each cell says."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    rows = [[part.strip() for part in line.split(" | ")] for line in lines]
    return {route.strip('"'): dict(part.split(" ", 1) for part in parts) for route, *parts in rows}


def any_row(model: type[models.Model], depth: int = 0) -> models.Model:
    """With whatever its columns take."""
    is_single = any(limit.name.endswith("single_row") for limit in model._meta.constraints)
    values = {"pk": 1} if is_single else {}
    for field in model._meta.concrete_fields:
        if field.null or field.has_default() or field.primary_key and field.get_internal_type().endswith("AutoField"):
            continue
        values[field.attname] = _value(field, depth)
    return model._base_manager.bulk_create([model(**values)])[0]


def _value(field: models.Field, depth: int):
    if field.is_relation:
        found = field.related_model._base_manager.first() or any_row(field.related_model, depth + 1)
        return found.pk
    if field.choices:
        return field.choices[0][0]
    kind = field.get_internal_type()
    by_kind = {
        "DateTimeField": clock.now(), "DateField": clock.now().date(), "BooleanField": False, "JSONField": {},
        "UUIDField": uuid.uuid4(), "DecimalField": 1, "GenericIPAddressField": "198.51.100.1",
    }  # fmt: skip
    return by_kind.get(kind, 1 if "Integer" in kind else "x")
