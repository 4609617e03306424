"""The treasurer's part of the desk, one module for each thing that is looked at. Importing them registers them."""

from donations.admin import backers, currencies, dedications, events, names, panels, payments, pledges, quarters, rates

__all__ = [
    "backers",
    "currencies",
    "dedications",
    "events",
    "names",
    "panels",
    "payments",
    "pledges",
    "quarters",
    "rates",
]

panels.register_panels()
