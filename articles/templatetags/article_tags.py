"""The tags of the public pages: cards, the UPDATED marker, times with the name of their zone, pictures."""

import datetime as dt

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import cards, dates, images
from articles import context as context_of
from articles.marker import Marker
from articles.models import Article, Image
from foundation import clock
from pagecache import depends_on, pieces

register = template.Library()

# How wide a picture stands on the page, for the browser's choice among our sizes.
SIZES = {
    "lead": "(min-width: 64rem) 40rem, 100vw",
    "first": "(min-width: 64rem) 24rem, 100vw",
    "river": "(min-width: 40rem) 13rem, 7rem",
    "face": "3rem",
    "portrait": "8rem",
    "logo": "20rem",
    "article": "(min-width: 74rem) 70rem, 100vw",
}


@register.simple_tag(takes_context=True)
def clock_strip(context) -> SafeString:
    """What time the demo believes it is: on every page of it, and so in none of what is kept of pages."""
    return pieces.gap(context["request"], "clock") if clock.is_configured() else SafeString()


@register.simple_tag(takes_context=True)
def beside(context, article: Article) -> SafeString:
    """The lists of others to read, beside an article."""
    context["request"].shown_article = article
    return pieces.gap(context["request"], "beside", article.pk)


@register.simple_tag(takes_context=True)
def card_of(context, article: int, variant: str = "river", heading: str = "h2") -> SafeString:
    """
    The article with that key in a list. `variant` is lead, first, river or brief; `heading` keeps the levels of the
    page.
    """
    return cards.place(context["request"], article, variant, heading)


@register.inclusion_tag("articles/_card.html", takes_context=True)
def card(context, article: Article, variant: str = "river", heading: str = "h2") -> dict:
    """The same of one that is at hand, as a part of what surrounds it."""
    return cards.context_of(article, variant, heading, request=context.get("request"))


@register.inclusion_tag("articles/_marker.html")
def updated_marker(marker: Marker | None) -> dict:
    """Says in the head of an article that something was added at its end, and leads there."""
    return {"marker": marker}


@register.inclusion_tag("articles/_metadata.html", takes_context=True)
def page_metadata(context, title: str, description: str) -> dict:
    """What a page of another app says in its head; our own views bring theirs along as `metadata`."""
    return {"metadata": context_of.page_metadata(context["request"], title=title, description=description)}


@register.simple_tag
def instant(moment: dt.datetime) -> SafeString:
    """A time with its zone: 14 March 2026, 11:02 CET."""
    return format_html('<time datetime="{}">{}</time>', dates.for_machines(moment), dates.day_and_time(moment))


@register.simple_tag
def since(moment: dt.datetime) -> SafeString:
    """The same, but a script may tell a recent one as “2 h ago”; the full time stays at hand."""
    return _relative(moment, dates.day_and_time(moment))


@register.simple_tag(takes_context=True)
def lately(context, moment: dt.datetime) -> SafeString:
    """A time in a list: to the minute and told as “2 h ago” while that is news, later the day alone."""
    if dates.is_recent(moment, now=clock.now()):
        if request := context.get("request"):
            depends_on(request, until=moment + dates.RECENT)
        return _relative(moment, dates.short(moment))
    return day(moment)


@register.simple_tag
def day(moment: dt.datetime) -> SafeString:
    """The day alone, with the full time for machines."""
    return format_html('<time datetime="{}">{}</time>', dates.for_machines(moment), dates.day(moment))


@register.simple_tag
def site_zone() -> str:
    """The name of the zone in which every time on the site is told, as it is called now."""
    return dates.zone_name(dates.in_site_zone(clock.now()))


@register.simple_tag
def picture(image: Image, use: str, *, alt: str | None = None, lazy: bool = True) -> SafeString:
    """An image for a named use: lead, first, river, face, portrait or article."""
    return images.picture_html(image, alt=alt, sizes=SIZES[use], lazy=lazy)


@register.filter
def changed_since_publication(article: Article) -> bool:
    """The article changed after readers first got it. A draft, of which there are previews, has not."""
    return article.published_at is not None and article.updated_at > article.published_at


@register.simple_tag
def article_part(article: Article, name: str, *numbers: int) -> str:
    """The address of something below an article: its history, a version, the answer to a poll."""
    return reverse(name, args=[*article.public_path.split("/"), *numbers])


def _relative(moment: dt.datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}" data-relative>{}</time>', dates.for_machines(moment), words)
