"""A stand-in for Stripe: a server of the standard library that the demo and the tests use. `README.md` says what is where."""

API_VERSION = "2026-10-28.endive"
