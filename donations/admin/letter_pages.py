"""Every letter with invented facts: what backers would read."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csp import csp_override

from donations import letter_samples
from donations.admin.base import HANDLES_MONEY
from foundation.admin import LETTER_POLICY


def addresses(admin_site) -> list:
    """Beside the backers' pages."""
    return [
        path("letters/", admin_site.admin_view(partial(samples, admin_site)), name="donations_letters"),
        path("letters/<slug:name>/", admin_site.admin_view(partial(sample, admin_site)), name="donations_letter"),
        path("letters/<slug:name>/html/", admin_site.admin_view(as_html), name="donations_letter_html"),
    ]


def _find(request: HttpRequest, name: str) -> letter_samples.Sample:
    _insist(request)
    found = letter_samples.find(name)
    if found is None:
        raise Http404("No such letter.")
    return found


def _insist(request: HttpRequest) -> None:
    if not request.user.has_perm(HANDLES_MONEY):
        raise PermissionDenied


def samples(admin_site, request: HttpRequest) -> HttpResponse:
    _insist(request)
    told = [(each, each.words().subject) for each in letter_samples.SAMPLES]
    return _page(admin_site, request, "letters.html", title="Letters to backers", samples=told)


def sample(admin_site, request: HttpRequest, name: str) -> HttpResponse:
    found = _find(request, name)
    return _page(admin_site, request, "letter.html", title=found.title, sample=found, words=found.words())


def _page(admin_site, request: HttpRequest, template: str, **context) -> HttpResponse:
    told = {**admin_site.each_context(request), **context}
    return TemplateResponse(request, f"admin/donations/letters/{template}", told)


@xframe_options_sameorigin
@csp_override(LETTER_POLICY)
def as_html(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(_find(request, name).words().html)
