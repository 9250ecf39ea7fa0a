"""What `/metrics` tells a monitoring system, in Prometheus' text form (version 0.0.4).

Every gauge comes from one function in `GAUGES`: a further part of the service adds one line there.
Requests are counted for this process since it started.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from time import perf_counter

from fastapi import Request
from sqlalchemy.engine import Connection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.services import Services
from projections.core.health import health
from qa.core.errors import Forbidden
from qa.ledger import tree

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_HERE = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric with its samples: labels and value."""

    name: str
    help: str
    samples: tuple[tuple[Mapping[str, str], float], ...]
    kind: str = "gauge"


def _read_models(services: Services, connection: Connection) -> Iterable[Metric]:
    models = health(services.registry, connection, services.clock.now())
    named = [({"model": one.name}, one) for one in models]

    def metric(name: str, said: str, value: Callable[..., float]) -> Metric:
        samples = tuple((labels, float(value(one))) for labels, one in named)
        return Metric(f"caseloop_read_model_{name}", said, samples)

    yield metric("position", "Up to which position the model holds all.", lambda m: m.position)
    yield metric("lag", "Facts behind the head of the log.", lambda m: m.lag)
    yield metric("lag_seconds", "Age of the oldest unapplied fact.", lambda m: m.lag_seconds)
    yield metric("stale", "1: built by another version.", lambda m: m.built != m.version)
    yield metric("failed", "1: facts are set aside.", lambda m: bool(m.aside))
    yield metric("set_aside", "Records that are set aside.", lambda m: len(m.aside))
    yield metric("rebuilding", "1: a rebuild is under way.", lambda m: m.rebuild is not None)


def _log(services: Services, connection: Connection) -> Iterable[Metric]:
    head = services.store.head(connection)
    sealed = tree.size(connection)
    yield Metric("caseloop_head_position", "Last position of the log.", (({}, head),))
    yield Metric("caseloop_sealed_position", "Last position in the ledger.", (({}, sealed),))
    yield Metric("caseloop_seal_lag", "Facts not yet in the ledger.", (({}, head - sealed),))


Gauges = Callable[[Services, Connection], Iterable[Metric]]
GAUGES: tuple[Gauges, ...] = (_log, _read_models)


@dataclass(slots=True)
class Requests:
    """Answered requests by method and class of status, and the seconds they took."""

    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    seconds: float = 0.0
    _guard: Lock = field(default_factory=Lock)

    def count(self, method: str, status: int, seconds: float) -> None:
        key = (method, f"{status // 100}xx")
        with self._guard:
            self.counts[key] = self.counts.get(key, 0) + 1
            self.seconds += seconds

    def metrics(self) -> Iterable[Metric]:
        with self._guard:
            counts, seconds = dict(self.counts), self.seconds
        samples = tuple(
            ({"method": method, "status": status}, float(count))
            for (method, status), count in sorted(counts.items())
        )
        yield Metric("caseloop_requests_total", "Requests answered.", samples, "counter")
        name = "caseloop_request_seconds_total"
        yield Metric(name, "Seconds spent on them.", (({}, seconds),), "counter")


class CountRequests:
    """ASGI middleware that fills `Requests`."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self.app = app
        self.requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
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


def text_of(services: Services, requests: Requests) -> str:
    """Every metric, in the text form."""
    with services.store.reading() as connection:
        found = [metric for gauges in GAUGES for metric in gauges(services, connection)]
    lines: list[str] = []
    for metric in (*found, *requests.metrics()):
        lines.append(f"# HELP {metric.name} {metric.help}")
        lines.append(f"# TYPE {metric.name} {metric.kind}")
        for labels, value in metric.samples:
            said = ",".join(f'{name}="{text}"' for name, text in labels.items())
            lines.append(f"{metric.name}{'{' + said + '}' if said else ''} {value:.15g}")
    return "\n".join(lines) + "\n"
