"""Why a row cannot be deleted: how many articles hold it, with the way to them."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString


def articles_shown(count: int, whose: str, **filters) -> SafeString | str:
    """ "Culture has 9 articles", linked to the list of them; nothing when there is none."""
    if not count:
        return ""
    address = f"{reverse('admin:articles_article_changelist')}?{urlencode(filters)}"
    noun = "article" if count == 1 else "articles"
    return format_html('{} <a href="{}">{} {}</a>.', whose, address, count, noun)
