"""What Prometheus reads. Each web process counts its own runs and refusals; what is told of the store is the same in all of them.

So every process is a target of its own, and of the store's figures the largest is taken (``max by (job) (meridian_disk_free_bytes)``).
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from pipelines.health import checks
from pipelines.health.alarms import alarms
from pipelines.health.figures import FIGURES, figures, refused
from pipelines.health.pulse import Runs
from pipelines.store import Store

OWN = CollectorRegistry()
"""What this process counts of itself."""
BOUNDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
RUN = Histogram("meridian_run_seconds", "Run time of a page, whole runs", ["page"], registry=OWN, buckets=BOUNDS)
REFUSAL = Counter("meridian_refusals", "What this process kept out, by the code of the fault", ["code"], registry=OWN)
ProcessCollector(registry=OWN)
RUNS = Runs()
"""The run times of the last minutes, for the pulse."""


def run(page: str, seconds: float) -> None:
    """A page has run."""
    RUN.labels(page).observe(seconds)
    RUNS.note(seconds)


def refusal(code: str) -> None:
    """Somebody was told that something is not done; ``code`` names the fault."""
    REFUSAL.labels(code).inc()


def exposition(store: Store, accept: str = "") -> tuple[bytes, str]:
    """What Prometheus gets, in the form that it accepts, and the name of that form."""
    encode, kind = choose_encoder(accept)
    return encode(_Everything(store)), kind


class _Everything(Collector):
    """This process and its store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def collect(self) -> Iterator[Metric]:
        yield from OWN.collect()
        known = figures(self.store)
        for name, what in FIGURES.items():
            if known[name] is not None:
                yield GaugeMetricFamily(f"meridian_{name}", what, value=known[name])
        yield _labelled("meridian_alarm", "1 while somebody has to come", "id", {one.id: one.fires(known) for one in alarms()})
        told = {one.name: one.ok for one in checks.checks(self.store)}
        yield _labelled("meridian_check", "1 while it is good, as /ready tells", "name", told)
        yield _labelled("meridian_refused_month", "Files, sign-ins and jobs refused in thirty days, by code", "code", refused(self.store))


def _labelled(name: str, what: str, label: str, values: dict[str, int] | dict[str, bool]) -> Metric:
    family = GaugeMetricFamily(name, what, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
