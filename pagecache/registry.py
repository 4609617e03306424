"""What apps tell of themselves once, when they start: rows that make pages old, views whose pages may be stored."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import itemgetter
from urllib.parse import parse_qsl, urlencode

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_save, pre_delete
from django.urls import Resolver404, resolve

from pagecache import stores
from pagecache.purging import purge_gone, purge_stale

MOST_PARAMETERS = 50

_rows: dict[str, type[Model]] = {}
_views: dict[str, tuple[str, ...]] = {}
_variants: dict[str, Callable[[str], str]] = {}


def register(
    model: type[Model],
    tags: Callable[[Model], Iterable[str]],
    gone: Callable[[Model], bool] | None = None,
    *,
    gone_when_deleted: bool = False,
) -> None:
    """
    Saving or deleting a row, or changing its many-to-many links, purges `tags(row)` on commit; gone instead of stale
    where `gone(row)` is true. Of a row that is deleted they are asked before: afterwards nothing tells where it stood.
    Updates and inserts in bulk send no signals: whoever uses them purges by itself. Where nothing is stored, `tags` is
    not asked.
    """
    _rows[model._meta.label] = model

    def purge(instance: Model, **kwargs) -> None:
        if stores.current() is None:
            return
        is_gone = gone_when_deleted if kwargs.get("signal") is pre_delete else bool(gone and gone(instance))
        (purge_gone if is_gone else purge_stale)(*tags(instance))

    def links_changed(instance: Model, action: str, **kwargs) -> None:
        if isinstance(instance, model) and action.startswith("post_"):
            purge(instance)

    post_save.connect(purge, sender=model, weak=False)
    pre_delete.connect(purge, sender=model, weak=False)
    for field in model._meta.many_to_many:
        m2m_changed.connect(links_changed, sender=field.remote_field.through, weak=False)


def register_view(name: str, *query: str) -> None:
    """
    Pages of the view of this name in the URL configuration may be stored. `query` lists the only parameters it
    understands: the others are taken away before the page is made, and it sees no cookies, no address and no header
    that tells of its reader, so nothing of them can get into what others are shown.
    """
    _views[name] = query


def register_variant(cookie: str, read: Callable[[str], str]) -> None:
    """
    Pages differ by what `read` makes of that cookie's value: a short word, the same for many readers, or "" as for
    those without the cookie. It becomes a part of the page's key. The cookie is left in the request only where the
    word is not empty, and a view may tell readers apart by nothing else of it.
    """
    _variants[cookie] = read


def registered_rows() -> set[str]:
    """The models that purge by themselves, as `articles.Article`."""
    return set(_rows)


def registered_views() -> dict[str, tuple[str, ...]]:
    return dict(_views)


def variants() -> dict[str, Callable[[str], str]]:
    return _variants


def understood_query(path: str, query: str) -> str | None:
    """
    What of the query chooses what is shown, always in the same order; None where the page is never stored. An address
    that leads nowhere may be an old one, whose redirect is stored; such a one with a query means what it says. What is
    said twice is left to the view: one page would stand under as many keys as somebody cares to write.
    """
    view = _view_name(path)
    names = _views.get(view) if view is not None else ()
    if names is None or (view is None and query):
        return None
    if not query or not names:
        return ""
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="strict")
    except ValueError:
        return None
    known = sorted((pair for pair in pairs if pair[0] in names), key=itemgetter(0))
    return urlencode(known) if len(known) == len(dict(known)) else None


@lru_cache(maxsize=4096)
def _view_name(path: str) -> str | None:
    try:
        return resolve(path).view_name or ""
    except Resolver404:
        return None
