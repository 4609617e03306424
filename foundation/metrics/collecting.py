"""Everything together, as Prometheus reads it. One figure that cannot be read costs none of the others."""

import logging
from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from foundation import metrics
from foundation.health import renew_connection
from foundation.metrics.shared import FOLDER, multiprocess

logger = logging.getLogger(__name__)


def registry() -> CollectorRegistry:
    made = CollectorRegistry()
    made.register(Facts())
    if FOLDER:
        multiprocess.MultiProcessCollector(made)
    return made


class Facts(Collector):
    def describe(self) -> list:
        return []  # or registering would ask the database

    def collect(self) -> Iterator[GaugeMetricFamily]:
        renew_connection()
        unread = 0
        for fact in metrics.facts.values():
            # Whatever goes wrong with one, the others are told.
            try:
                yield _family(fact)
            except Exception:
                logger.exception("The figure %s cannot be read", fact.name)
                unread += 1
        yield GaugeMetricFamily("antiempire_figures_unread", "Figures that could not be read just now", value=unread)


def _family(fact: metrics.Fact) -> GaugeMetricFamily:
    read = fact.read()
    if not fact.label:
        return GaugeMetricFamily(f"antiempire_{fact.name}", fact.told, value=read)
    family = GaugeMetricFamily(f"antiempire_{fact.name}", fact.told, labels=[fact.label])
    for value, number in read.items():
        family.add_metric([value], number)
    return family
