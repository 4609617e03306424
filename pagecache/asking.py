"""What a request asks for: the key of its page, and the same request with nothing of its reader in it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import parse_cookie

from foundation import clock
from pagecache import registry

LONGEST_PATH = 1000
# What Django may read of the one who asks, beside how the connection was made. All else that a client can send begins
# with HTTP_ too and is left out.
LEFT_OUT = {"REMOTE_ADDR": "127.0.0.1", "REMOTE_PORT": "0", "REMOTE_HOST": "", "REMOTE_USER": ""}
_NOT_TOLD = ("CONTENT_TYPE", "CONTENT_LENGTH", "RAW_URI", "REQUEST_URI")


@dataclass(frozen=True)
class Asked:
    key: str
    path: str
    query: str
    variant: str
    cookies: str
    scheme_header: str

    def environ(self, environ: dict) -> dict:
        """
        The request as anybody would have sent it. Whatever a client can send and the key does not tell is left out, so
        that nothing one reader sends reaches another.
        """
        kept = {"HTTP_HOST", self.scheme_header}
        made = {name: value for name, value in environ.items() if not name.startswith("HTTP_") or name in kept}
        made.update(LEFT_OUT, REQUEST_METHOD="GET", QUERY_STRING=self.query)
        for name in _NOT_TOLD:
            made.pop(name, None)
        if self.variant:
            given = parse_cookie(self.cookies)
            told = dict(part.split("=", 1) for part in self.variant.split(";"))
            made["HTTP_COOKIE"] = "; ".join(f"{name}={given[name]}" for name in told)
        return made


class Reader:
    """Knows the settings that decide who is answered from the store."""

    def __init__(self):
        self.host = urlsplit(settings.SITE_URL).netloc.lower()
        self._session = f"{settings.SESSION_COOKIE_NAME}="
        self._files = urlsplit(settings.STATIC_URL).path
        self._must_be_secure = settings.SECURE_SSL_REDIRECT
        # Where both schemes are answered, a page is not to know by which one it was asked for.
        told = settings.SECURE_PROXY_SSL_HEADER if self._must_be_secure else None
        self._scheme_header, self._secure = told or ("", "")
        self._has_moving_clock = clock.is_configured()
        # Pages name style sheets by what is in them: those of another release are other pages.
        self._release = getattr(staticfiles_storage, "manifest_hash", "")

        self._plain = self._key("")

    def plain_key(self, environ: dict) -> str:
        return self._plain + environ["PATH_INFO"]

    def is_plain(self, environ: dict) -> bool:
        """Nothing about it needs a second look: what nearly every reader sends."""
        return (
            environ["REQUEST_METHOD"] in ("GET", "HEAD")
            and environ.get("HTTP_HOST") == self.host
            and not environ.get("QUERY_STRING")
            and "HTTP_COOKIE" not in environ
            and "HTTP_AUTHORIZATION" not in environ
            and not self._has_moving_clock
            and not (self._must_be_secure and self._is_insecure(environ))
        )

    def asked(self, environ: dict) -> Asked | None:
        """None for what Django has to answer itself."""
        path = environ.get("PATH_INFO", "")
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or "HTTP_AUTHORIZATION" in environ
            or environ.get("HTTP_HOST", "").lower() != self.host
            or environ.get("SCRIPT_NAME")
            or not 0 < len(path) <= LONGEST_PATH
            or path.startswith(self._files)  # told apart by what the reader has and can unpack, and never stored
            or (self._must_be_secure and self._is_insecure(environ))
        ):
            return None
        cookies = environ.get("HTTP_COOKIE", "")
        variant = self._variant(cookies) if cookies else ""
        if variant is None:
            return None
        query = registry.understood_query(path, environ.get("QUERY_STRING", ""))
        if query is None:
            return None
        offset = f"{clock.offset().total_seconds():.0f}" if self._has_moving_clock else ""
        key = self._key(path, query, variant, offset)
        return Asked(key, path, query, variant, cookies, self._scheme_header)

    def _key(self, path: str, query: str = "", variant: str = "", offset: str = "") -> str:
        """The path last, since it may hold anything."""
        return f"{self.host}#{self._release}#{variant}#{offset}?{query}\n{path}"

    def _is_insecure(self, environ: dict) -> bool:
        """Django leads it to https."""
        if self._scheme_header:
            return environ.get(self._scheme_header) != self._secure
        return environ.get("wsgi.url_scheme") != "https"

    def _variant(self, cookies: str) -> str | None:
        """None for whoever has a session: their pages are their own."""
        if self._session in cookies:
            return None
        words = []
        for name, read in registry.variants().items():
            value = parse_cookie(cookies).get(name) if f"{name}=" in cookies else None
            if value and (word := read(value)):
                words.append(f"{name}={word}")
        return ";".join(words)
