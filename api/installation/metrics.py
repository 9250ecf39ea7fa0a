"""What `/metrics` tells a monitoring system, in Prometheus' text form (version 0.0.4).

Every gauge comes from one function in `GAUGES`: a further part of the service adds one line there.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from time import perf_counter

from fastapi import Request
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Metric,
    disable_created_metrics,
    exposition,
)
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.engine import Connection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.gate.middleware import HttpMiddleware
from api.services import Services
from projections.core.health import Health, health
from qa.core.errors import Forbidden
from qa.ledger import tree

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable. It is looked at when the library is loaded."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
CONTENT_TYPE = exposition.CONTENT_TYPE_PLAIN_0_0_4
_HERE = frozenset({"127.0.0.1", "::1"})

disable_created_metrics()


def _read_models(services: Services, connection: Connection) -> Iterator[Metric]:
    models = health(services.registry, connection, services.clock.now())

    def metric(name: str, described: str, value: Callable[[Health], float]) -> Metric:
        made = GaugeMetricFamily(f"caseloop_read_model_{name}", described, labels=["model"])
        for one in models:
            made.add_metric([one.name], value(one))
        return made

    yield metric("position", "Up to which position the model holds all.", lambda m: m.position)
    yield metric("lag", "Facts behind the head of the log.", lambda m: m.lag)
    yield metric("lag_seconds", "Age of the oldest unapplied fact.", lambda m: m.lag_seconds)
    yield metric("stale", "1: built by another version.", lambda m: m.built != m.version)
    yield metric("failed", "1: facts are set aside.", lambda m: bool(m.aside))
    yield metric("set_aside", "Records that are set aside.", lambda m: len(m.aside))
    yield metric("rebuilding", "1: a rebuild is under way.", lambda m: m.rebuild is not None)


def _log(services: Services, connection: Connection) -> Iterator[Metric]:
    head = services.store.head(connection)
    sealed = tree.size(connection)
    for name, described, value in (
        ("head_position", "Last position of the log.", head),
        ("sealed_position", "Last position in the ledger.", sealed),
        ("seal_lag", "Facts not yet in the ledger.", head - sealed),
    ):
        yield GaugeMetricFamily(f"caseloop_{name}", described, value=value)


Gauges = Callable[[Services, Connection], Iterable[Metric]]
GAUGES: tuple[Gauges, ...] = (_log, _read_models)


class Requests:
    """Answered requests by method and class of status, and the seconds they took.

    Counted for this process or, where several serve together, for all of them: each then writes
    to a file in `TOGETHER`, and each can add them up.
    """

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answered = Counter(
            "caseloop_requests", "Requests answered.", ["method", "status"], registry=self._registry
        )
        self._seconds = Counter(
            "caseloop_request_seconds", "Seconds spent on them.", registry=self._registry
        )

    def count(self, method: str, status: int, seconds: float) -> None:
        self._answered.labels(method if method in METHODS else "other", f"{status // 100}xx").inc()
        self._seconds.inc(seconds)

    def metrics(self) -> Iterable[Metric]:
        if TOGETHER in os.environ:
            together: Iterable[Metric] = MultiProcessCollector(None).collect()
            return together
        return self._registry.collect()


@contextmanager
def counted_together(workers: int) -> Iterator[None]:
    """Let the processes that are started in the block add up what they count.

    Their files lie in a new folder that is gone afterwards, unless somebody who starts the
    processes in their own way has set `TOGETHER`.
    """
    if workers == 1 or TOGETHER in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="caseloop-metrics-") as folder:
        os.environ[TOGETHER] = folder
        try:
            yield
        finally:
            del os.environ[TOGETHER]


class CountRequests(HttpMiddleware):
    """ASGI middleware that fills `Requests`."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        super().__init__(app)
        self.requests = requests

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, status = perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self.requests.count(scope["method"], status, perf_counter() - started)


def may_read(request: Request, token: str) -> None:
    """Let the monitoring system through.

    Raises:
        Forbidden: not the token of the settings or, where they have none, another machine.
    """
    if token:
        given = request.headers.get("authorization", "")
        if hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
            return
        raise Forbidden("Send the token of the settings.", rule="metrics")
    if request.client is None or request.client.host not in _HERE:
        raise Forbidden("Metrics are told to this machine only.", rule="metrics")


@dataclass(frozen=True, slots=True)
class _Found:
    """Metrics at hand, in the form that the library writes out."""

    metrics: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def text_of(services: Services, requests: Requests) -> bytes:
    """Every metric, in the text form."""
    with services.store.reading() as connection:
        found = [metric for gauges in GAUGES for metric in gauges(services, connection)]
    return exposition.generate_latest(_Found([*found, *requests.metrics()]))
