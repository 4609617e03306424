"""What the public may know about the money: the figures, how they are made, and who wants to be named."""

import csv

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import conditional_page, require_safe

from donations import books, cache_tags, chart, figure_files, periods, public_names, wording
from donations.figures import all_currencies, read
from donations.models import Currency


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    reading = read()
    cache_tags.shows_figures(request, reading.true_until)
    quarters, request.donation_ask = reading.quarters, reading.ask()
    holding = [quarter for quarter in quarters if quarter.backers]
    codes = all_currencies(quarters)
    context = {
        "quarters": quarters,
        "ahead": quarters[0],
        "oldest": quarters[-1],
        "current": quarters[1] if len(quarters) > 1 else None,
        "chart": chart.draw(quarters, settings.BASE_CURRENCY),
        "codes": codes,
        "rows": [(quarter, _cells(quarter, codes)) for quarter in holding],
        "changed": [quarter for quarter in quarters if quarter.changes],
        "apart": [quarter for quarter in quarters if quarter.apart],
        "has_hidden": any(quarter.is_hidden for quarter in quarters),
        "has_goals": any(quarter.goal for quarter in quarters),
        **_settings(),
    }
    return render(request, "donations/figures.html", context)


def _cells(quarter, codes: list[str]) -> list:
    found = {each.currency: each for each in quarter.currencies}
    return [found.get(code) for code in codes]


@conditional_page
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    reading = read()
    cache_tags.shows_figures(request, reading.true_until)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="figures.csv"'
    csv.writer(response).writerows(figure_files.rows(reading.quarters))
    return _for_machines(response)


@conditional_page
@require_safe
def figures_json(request: HttpRequest) -> HttpResponse:
    reading = read()
    cache_tags.shows_figures(request, reading.true_until)
    return _for_machines(JsonResponse(figure_files.document(reading.quarters)))


def _for_machines(response: HttpResponse) -> HttpResponse:
    """A figure may change at any moment: who asks again gets 304 by the ETag, which is made of the answer itself."""
    response["Cache-Control"] = "no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def how(request: HttpRequest) -> HttpResponse:
    """The rules of the count in plain words, with this site's own settings."""
    current = periods.current_quarter()
    cache_tags.shows_figures(request, periods.end_of(current))
    context = {
        "current": current,
        "next": current.next,
        "months": wording.months(current),
        "next_months": wording.months(current.next),
        "closes_at": books.closes_at(current),
        "offered": list(Currency.objects.offered().values_list("code", flat=True)),
        **_settings(),
    }
    return render(request, "donations/how.html", context)


@require_safe
def backers(request: HttpRequest) -> HttpResponse:
    cache_tags.shows_names(request)
    return render(
        request,
        "donations/backers.html",
        {"names": public_names.names(), "honoured": public_names.honoured(), **_settings()},
    )


def _settings() -> dict:
    return {
        "base": settings.BASE_CURRENCY,
        "zone": settings.TIME_ZONE,
        "closing_days": settings.BOOKS_CLOSE_AFTER_DAYS,
        "threshold": settings.AMOUNTS_HIDDEN_BELOW if settings.AMOUNTS_HIDDEN_BELOW > 1 else 0,
    }
