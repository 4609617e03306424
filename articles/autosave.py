"""What an editor has typed and not saved: kept on the server every few seconds, offered again, dropped after a save."""

import re

from django.db import transaction
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from articles.blackout import Pen
from articles.models import Article, Autosave
from foundation import clock

MAX_BYTES = 2 * 1024 * 1024
# The form's fields by what they hold: markup, an address, and plain text in all others.
MARKUP = re.compile(r"lead_note|(?:.+-)?body")
ADDRESSES = {"slug", "source_url"}
NOT_TYPED = {"csrfmiddlewaretoken", "form_key", "base_version"}


class AutosaveTooLarge(Exception):
    """More text than an article can sensibly hold; the editor must save in the ordinary way."""


@transaction.atomic
def keep(user: User, article: Article | None, *, form_key: str, fields: MultiValueDict, base_version: int) -> Autosave:
    """Replaces what was kept before for the same form. `form_key` tells apart forms of articles without a row."""
    data = typed(fields)
    if sum(len(text.encode()) for texts in data.values() for text in texts) > MAX_BYTES:
        raise AutosaveTooLarge
    # Two tabs of one person may post at once, and no constraint holds where `article` is null.
    User.objects.select_for_update().get(pk=user.pk)
    row = find(user, article, form_key=form_key) or Autosave(
        user=user, article=article, form_key=_key(article, form_key)
    )
    row.data, row.base_version, row.saved_at = data, base_version, clock.now()
    row.save()
    return row


def typed(fields: MultiValueDict) -> dict[str, list[str]]:
    """The form's own fields, without buttons and tokens. PostgreSQL cannot store NUL, which nobody types."""
    return {
        name: [text.replace("\0", "") for text in fields.getlist(name)]
        for name in fields
        if name not in NOT_TYPED and not name.startswith("_")
    }


def find(user: User, article: Article | None, *, form_key: str = "") -> Autosave | None:
    return Autosave.objects.filter(user=user, article=article, form_key=_key(article, form_key)).first()


def discard(user: User, article: Article | None, *, form_key: str = "") -> None:
    Autosave.objects.filter(user=user, article=article, form_key=_key(article, form_key)).delete()


def unsaved_of(user: User):
    """Newest first, with the article each belongs to."""
    return Autosave.objects.filter(user=user).select_related("article")


def black_out(pen: Pen, rows: QuerySet[Autosave]) -> None:
    """Writes over what was typed, each field by what it holds. A date of saving stays as it is."""
    for row in rows.iterator(chunk_size=100):
        data = {name: [_stroke(pen, name)(text) for text in texts] for name, texts in row.data.items()}
        if data != row.data:
            Autosave.objects.filter(pk=row.pk).update(data=data)


def _stroke(pen: Pen, name: str):
    if MARKUP.fullmatch(name):
        return pen.typed_markup
    return pen.address if name in ADDRESSES else pen.plain


def _key(article: Article | None, form_key: str) -> str:
    return "" if article else form_key
