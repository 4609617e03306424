"""What makes a site the demo, and the rule that a real site can never be taken for one."""

from collections.abc import Iterable

OWN_MACHINE = {"localhost", "127.0.0.1", "::1", "[::1]"}


def refusal(*, debug: bool, demo: bool, clock_file: str, https: bool, hosts: Iterable[str]) -> str:
    """Why these settings may not stand together, or an empty string when they may."""
    if demo and https:
        return "DEMO=true is for the demo on this machine and cannot be combined with HTTPS. Remove one of them."
    strangers = sorted(set(hosts) - OWN_MACHINE)
    if demo and strangers:
        return (
            "DEMO=true is for the demo on this machine, but ALLOWED_HOSTS names "
            f"{', '.join(strangers)}. Keep 127.0.0.1 and localhost only, or remove DEMO."
        )
    if clock_file and not (debug or demo):
        return "DEMO_CLOCK_FILE moves the time of everything that falls due: it is refused outside DEBUG and DEMO."
    return ""


def is_demo() -> bool:
    """True where visitors may see what only a demo shows: its clock, and the letters it did not mail."""
    from django.conf import settings

    return bool(settings.DEMO or settings.DEMO_CLOCK_FILE)


def console_url() -> str:
    """Where the demo's clock is moved: the operator's page of the stand-in for Stripe. Empty without one."""
    from django.conf import settings

    return f"{settings.STRIPE_API_BASE}/" if is_demo() and settings.STRIPE_API_BASE else ""
