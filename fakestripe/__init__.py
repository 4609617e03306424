"""A stand-in for Stripe, for the demo and the tests, of the standard library alone. `README.md` says what is where."""

API_VERSION = "2026-10-28.endive"
