"""
The register of what crawlers are told: which paths are not for them, where the sitemaps are, and which pages of other
apps belong into one. An app says so in its `ready()`; whoever writes robots.txt, or a sitemap, reads it here and knows
no other app.
"""

_forbidden: dict[str, None] = {}
_sitemaps: dict[str, None] = {}
_pages: dict[str, None] = {}


def forbid(*paths: str) -> None:
    """Paths begin with a slash and mean everything that begins with them."""
    _forbidden.update(dict.fromkeys(paths))


def announce(*url_names: str) -> None:
    """The names of sitemaps' addresses."""
    _sitemaps.update(dict.fromkeys(url_names))


def offer(*url_names: str) -> None:
    """The names of pages that search engines should find, beside what the writer of the sitemap knows itself."""
    _pages.update(dict.fromkeys(url_names))


def forbidden() -> list[str]:
    return list(_forbidden)


def sitemaps() -> list[str]:
    return list(_sitemaps)


def pages() -> list[str]:
    return list(_pages)
