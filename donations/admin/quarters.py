"""
Quarters as the treasurer sees them: every sum, however few stand behind it; the goal; what was closed and what came
since. Nothing here is told to the public, who read `donations.figures`.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseRedirect

from donations import books, chart, periods, tally
from donations.admin.base import HANDLES_MONEY, MoneyAdmin, day
from donations.admin.forms import AmountField
from donations.figures import Change, PublicQuarter
from donations.mode import is_live
from donations.models import Contribution, QuarterBook
from donations.money import Money, NotAnAmount, parse
from donations.quarters import Quarter
from donations.wording import Goal, months
from foundation import csv_files

CONTRIBUTIONS_SHOWN = 200
YEARS = range(2000, 3000)
CSV_HEADER = ["backer", "e-mail", "state", "amount", "currency", "in the base currency", "payment", "paid", "pledge"]


@dataclass(frozen=True)
class Sums:
    """What a quarter comes to now, in words of the base currency."""

    backers: int
    received: Money
    promised: Money
    total: Money
    is_about: bool
    unconverted: list[Money]

    @classmethod
    def of(cls, page: tally.Page) -> "Sums":
        """
        Of a closed quarter without reading what it holds: its closed figure and its late entries, which together are
        what a recomputation finds. Its own page recomputes it, and so does the nightly check.
        """
        now = page.tally
        if not page.is_closed:
            return cls(now.backers, now.received, now.promised, now.total, now.is_converted, now.unconverted)
        entered, base = books.as_entered(page.book), now.base
        received = tally.whole_units(entered.base_micro, base)
        unconverted = [Money(minor, code) for code, minor in sorted(entered.unconverted.items())]
        is_about = any(
            code != base and minor > entered.unconverted.get(code, 0) for code, minor in entered.totals.items()
        )
        return cls(entered.backers, received, Money(0, base), received, is_about, unconverted)


@dataclass(eq=False)
class Line:
    """A quarter in the list. `late_micro` is what came or went since its books were closed."""

    page: tally.Page
    state: books.State

    @cached_property
    def sums(self) -> Sums:
        return Sums.of(self.page)

    @property
    def quarter(self) -> Quarter:
        return self.page.tally.quarter

    @property
    def number(self) -> str:
        return str(self.quarter.ordinal)

    @property
    def months(self) -> str:
        return months(self.quarter)

    @property
    def late_micro(self) -> int:
        return sum(entry.base_micro for entry in self.page.late_entries)

    @property
    def late(self):
        return tally.whole_units(self.late_micro, self.page.tally.base)

    @property
    def percent(self) -> int | None:
        return self.page.closed_percent if self.page.is_closed else self.page.tally.percent


class GoalForm(forms.Form):
    goal = AmountField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        goal = self.fields["goal"]
        goal.label = f"Goal in {settings.BASE_CURRENCY}"
        goal.help_text = "Readers see it with a meter. Empty for none. Once the books are closed it stands."

    def clean_goal(self) -> int | None:
        written = self.cleaned_data["goal"].strip()
        if not written:
            return None
        try:
            return parse(written, settings.BASE_CURRENCY).minor or None
        except NotAnAmount as error:
            raise forms.ValidationError(str(error)) from error


@admin.register(QuarterBook)
class QuarterBookAdmin(MoneyAdmin):
    def get_urls(self):
        return [
            self.page_of(self.quarter_view, "<int:ordinal>/quarter/", "quarter"),
            self.page_of(self.export_view, "<int:ordinal>/export/", "export"),
            *super().get_urls(),
        ]

    def may_set_goals(self, request) -> bool:
        return request.user.has_perm(HANDLES_MONEY) and request.user.has_perm("donations.change_quarterbook")

    def changelist_view(self, request, extra_context=None):
        """Every quarter, whether it has a row or not: most have none before they are closed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = [line_of(page) for page in tally.figures(None, periods.next_quarter(), with_closed=False)]
        context = {"quarters": found, "base": settings.BASE_CURRENCY, **drawn(found)}
        return self.page(request, "quarterbook/quarters.html", "Quarters", **context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The log of the admin leads here by the row's number."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        book = self.get_object(request, object_id)
        if book is None:
            raise Http404("No such quarter.")
        return HttpResponseRedirect(self.address_of("quarter", book.quarter.ordinal))

    def quarter_view(self, request, ordinal: int):
        quarter = self._quarter(request, ordinal)
        found = line_of(tally.figures(quarter, quarter)[0])
        goal = found.page.tally.goal
        form = GoalForm(request.POST or None, initial={"goal": goal.typed if goal else ""})
        if request.method == "POST":
            if not self.may_set_goals(request):
                raise PermissionDenied
            if form.is_valid():
                try:
                    self._set_goal(request, quarter, form.cleaned_data["goal"])
                except books.AreClosed as error:
                    messages.error(request, str(error))
                return HttpResponseRedirect(self.address_of("quarter", quarter.ordinal))
        rows = contributions_of(quarter)
        context = {
            "line": found,
            "form": form if self.may_set_goals(request) and not found.page.is_closed else None,
            "rows": rows[:CONTRIBUTIONS_SHOWN],
            "row_count": rows.count(),
            "closes_at": books.closes_at(quarter),
            "is_balanced": is_balanced(found.page),
        }
        return self.page(request, "quarterbook/quarter.html", f"{quarter}", subtitle=found.months, **context)

    def _quarter(self, request, ordinal: int) -> Quarter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        quarter = Quarter.from_ordinal(ordinal)
        if quarter.year not in YEARS:
            raise Http404("No such quarter.")
        return quarter

    @transaction.atomic
    def _set_goal(self, request, quarter: Quarter, goal_minor: int | None) -> None:
        book = books.set_goal(quarter, goal_minor, livemode=is_live())
        goal = Money(goal_minor, settings.BASE_CURRENCY).with_code if goal_minor else "none"
        self.log_change(request, book, f"Set the goal of {quarter} to {goal}.")
        messages.success(request, f"The goal of {quarter} is set." if goal_minor else f"{quarter} has no goal now.")

    def export_view(self, request, ordinal: int):
        """A row per charge or gift of one quarter, promised ones among them."""
        quarter = self._quarter(request, ordinal)
        self.log_export(request, str(quarter))
        name = f"quarter-{quarter.year}-Q{quarter.number}"
        return csv_files.answer(name, CSV_HEADER, map(_exported, contributions_of(quarter)))


def _exported(row: Contribution) -> list:
    return [
        row.backer_id,
        row.backer.email,
        row.get_state_display(),
        row.amount.decimal,
        row.currency,
        None if row.base_micro is None else Decimal(row.base_micro).scaleb(-6),
        row.payment.fact_key if row.payment else "",
        day(row.payment.succeeded_at) if row.payment else "",
        row.pledge.stripe_id if row.pledge else "",
    ]


def contributions_of(quarter: Quarter):
    rows = Contribution.objects.in_quarter(quarter, livemode=is_live()).select_related("backer", "payment", "pledge")
    return rows.order_by("state", "-amount_minor", "pk")


def line_of(page: tally.Page) -> Line:
    return Line(page, books.state(page.tally.quarter, page.book))


def is_balanced(page: tally.Page) -> bool:
    """Closed figure and late entries together are what a recomputation finds."""
    if not page.is_closed:
        return True
    return books.as_entered(page.book) == books.recompute(page.tally.quarter, livemode=is_live())


def drawn(quarters: list[Line]) -> dict:
    """The public page's chart, with nothing held back."""
    open_quarters = [_told(line) for line in quarters]
    return {
        "chart": chart.draw(open_quarters, settings.BASE_CURRENCY),
        "oldest": quarters[-1],
        "ahead": quarters[0],
        "changed": any(line.page.late_entries for line in quarters),
        "has_goals": any(line.page.tally.goal for line in quarters),
    }


def _told(line: Line) -> PublicQuarter:
    now, page = line.page.tally, line.page
    return PublicQuarter(
        quarter=line.quarter,
        state=line.state,
        backers=page.book.closed_backers if page.is_closed else now.backers,
        total=page.closed_received if page.is_closed else now.total,
        received=page.closed_received if page.is_closed else now.received,
        promised=line.sums.promised,
        is_about=line.sums.is_about,
        goal=Goal(now.goal, line.percent) if now.goal else None,
        changes=_changes(line),
    )


def _changes(line: Line) -> tuple[Change, ...]:
    entries = line.page.late_entries
    if not entries:
        return ()
    first, last = entries[0].occurred_at, entries[-1].occurred_at
    return (Change(first, last, (), sum(entry.backers for entry in entries), line.late_micro, line.late),)
