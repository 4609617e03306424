"""Stripe's endpoints under `/v1`: which parameters each takes, and which verb it calls."""
