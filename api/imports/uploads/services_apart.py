"""Work on the records in a process apart, so that it holds up no page of this one."""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar, TypeVarTuple

from api.apart.process import give_way, run_apart
from api.services import Services, build
from api.settings import Settings
from qa.core.clock import Clock, SystemClock

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
SECONDS = 300.0


def run_with_services(
    services: Services, work: Callable[[Services, *Ts], T], *given: *Ts, seconds: float = SECONDS
) -> T:
    """What `work` (a function of a module) makes of what it is given, with services of its own.

    Raises:
        Refused: it took too long, or too much memory; and every error of ours that it raises.
    """
    made: T = run_apart(_with_services, *_settings(services), work, given, seconds=seconds)
    return made


def start_with_services(
    services: Services, work: Callable[[Services, *Ts], None], *given: *Ts
) -> BaseProcess:
    """Begin such work and let it go on by itself; it ends with this process at the latest."""
    arguments = (*_settings(services), work, given)
    process = get_context("spawn").Process(target=_go_on, args=arguments, daemon=True)
    process.start()
    return process


def _go_on(*given: Any) -> None:
    give_way()
    _with_services(*given)


def _settings(services: Services) -> tuple[Settings, Clock | None]:
    clock = services.clock
    return services.settings, None if isinstance(clock, SystemClock) else clock


def _with_services(
    settings: Settings, clock: Clock | None, work: Callable[..., T], given: tuple[Any, ...]
) -> T:
    services = build(settings, clock=clock)
    try:
        return work(services, *given)
    finally:
        services.store.close()
