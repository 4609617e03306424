"""
The headers that every answer carries, whoever makes it. Inside Django `carry` stands outside of all other middleware
and completes what a view or another middleware has not said itself; the callables in front of Django, which never meet
any middleware, ask `standard_headers`. The words are the same: both read them here and in the settings.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.csp import build_policy

# What no page of ours and no frame in it may ask a browser for. What a video wants (sound, full screen) is not here.
_DENIED = (
    "camera", "microphone", "geolocation", "payment", "usb", "serial", "hid", "midi", "display-capture",
    "screen-wake-lock", "xr-spatial-tracking", "idle-detection", "local-fonts",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{name}=()" for name in _DENIED)

# For what can be shown in a browser but is no page: a picture, a file of figures, an answer for machines.
INERT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

SAME_ORIGIN, ANYWHERE = "same-origin", "cross-origin"
# Feed readers in a browser show our pictures, feeds and sitemaps on pages of their own.
_SHOWN_ELSEWHERE = ("image/", "application/rss+xml", "application/atom+xml", "application/xml", "text/xml")


def standard_headers(content_type: str = "text/html") -> list[tuple[str, str]]:
    """For answers that are made outside of Django's middleware."""
    policy = build_policy(settings.SECURE_CSP) if content_type.startswith("text/html") else INERT
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
        ("Cross-Origin-Resource-Policy", resource_policy(content_type)),
        ("Permissions-Policy", PERMISSIONS),
        ("X-Frame-Options", settings.X_FRAME_OPTIONS),
    ]
    if told := strict_transport():
        headers.append(("Strict-Transport-Security", told))
    return headers


def strict_transport() -> str:
    """Empty where the site has no HTTPS. Browsers take it from secure answers only, so it may stand on every one."""
    if not settings.SECURE_HSTS_SECONDS:
        return ""
    told = f"max-age={settings.SECURE_HSTS_SECONDS}"
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        told += "; includeSubDomains"
    return f"{told}; preload" if settings.SECURE_HSTS_PRELOAD else told


def resource_policy(content_type: str, cache_control: str = "") -> str:
    """Who may show this on a page: everybody what is public and made for it, this site alone everything else."""
    is_private = "private" in cache_control or "no-store" in cache_control
    return ANYWHERE if content_type.startswith(_SHOWN_ELSEWHERE) and not is_private else SAME_ORIGIN


def carry(get_response):
    """Middleware that stands before all others, so that it meets every answer: errors, redirects and files too."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        told = response.headers
        policy = resource_policy(told.get("Content-Type", ""), told.get("Cache-Control", ""))
        told.setdefault("Cross-Origin-Resource-Policy", policy)
        told.setdefault("Permissions-Policy", PERMISSIONS)
        if not getattr(response, "xframe_options_exempt", False):
            told.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response

    return answer
