"""
The register of what robots.txt says: which paths are not for crawlers, and where the sitemaps are. An app says so in
its `ready()`; whoever writes robots.txt reads it here and knows no app.
"""

_forbidden: dict[str, None] = {}
_sitemaps: dict[str, None] = {}


def forbid(*paths: str) -> None:
    """Paths begin with a slash and mean everything that begins with them."""
    _forbidden.update(dict.fromkeys(paths))


def announce(*url_names: str) -> None:
    """The names of sitemaps' addresses."""
    _sitemaps.update(dict.fromkeys(url_names))


def forbidden() -> list[str]:
    return list(_forbidden)


def sitemaps() -> list[str]:
    return list(_sitemaps)
