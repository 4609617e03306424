"""
Figures for Prometheus. What a process counts (`counting`) it keeps in a file of its own in METRICS_FOLDER; what the
database knows (`register`) is asked when somebody looks. `manage.py serve_metrics` adds both up on a private port, so
that no page of the site tells them and no worker answers for the others.
"""

from collections.abc import Callable
from dataclasses import dataclass

Reading = float | dict[str, float]


@dataclass(frozen=True)
class Fact:
    """`read` answers with a number, or with one for each value of `label`."""

    name: str
    told: str
    read: Callable[[], Reading]
    label: str = ""


facts: dict[str, Fact] = {}


def register(name: str, told: str, read: Callable[[], Reading], *, label: str = "") -> None:
    facts[name] = Fact(name, told, read, label)
