"""A long file that a process apart records, while its page tells how far it is.

What is known of it is kept with the file that waits: how many rows are recorded, that it is to be
stopped, why it ended. So neither the pages of others are held up, nor the one that asks.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from api.imports.parts import Stage, let_others_save
from api.imports.uploads.heartbeat import BEAT_SECONDS, Heartbeat, beating, last_beat
from api.imports.uploads.sent_files import of_person, record
from api.imports.uploads.services_apart import start_with_services
from api.services import Services
from qa.authorisation.context import Once
from qa.core.clock import from_microseconds, microseconds
from qa.core.errors import CaseloopError
from qa.core.words import Actor
from qa.security import uploads
from qa.security.uploads import Upload

SILENT = timedelta(seconds=90)
"""After so long without a beat its process is gone."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How far an import is at its `stage`, which `began_us`, and what its form held. It is `over`
    where it was stopped, with what is recorded (`result`), or refused (`faults`: field, code and
    sentence)."""

    began_us: int
    beat_us: int
    given: Mapping[str, str]
    done: int = 0
    total: int = 0
    stage: Stage = "check"
    stop: bool = False
    over: bool = False
    because: str = ""
    result: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[tuple[str, str, str], ...] = ()

    def time_left(self, now: datetime) -> str:
        """In words, once enough is done to tell."""
        if not self.done or self.done == self.total:
            return ""
        so_far = (now - from_microseconds(self.began_us)).total_seconds()
        seconds = so_far / self.done * (self.total - self.done)
        if seconds < 50:
            return f"about {max(5, round(seconds / 5) * 5)} seconds left"
        minutes = round(seconds / 60)
        return f"about {minutes} {'minute' if minutes == 1 else 'minutes'} left"


def under_way(upload: Upload, now: datetime) -> UnderWay | None:
    """How far the import of a file is; None where it was not begun."""
    state = upload.asked.get("under_way")
    if state is None:
        return None
    found = UnderWay(**state)
    beat = None if found.over else last_beat(upload.id)
    if beat is not None and beat[0] >= found.beat_us:
        found = replace(found, beat_us=beat[0])
        if found.stage == "whole":
            found = replace(found, done=beat[1].done, total=beat[1].total)
    if not found.over and now - from_microseconds(found.beat_us) > SILENT:
        return replace(found, over=True, because="It ended before it was through.")
    return found


def begin(
    services: Services, actor: Actor, upload: Upload, given: Mapping[str, str], once: Once
) -> None:
    """Let a process of its own record a file as it was shown."""
    now = microseconds(services.clock.now())
    state = asdict(UnderWay(began_us=now, beat_us=now, given=given))
    with services.store.writing() as connection:
        details = {**upload.asked, "under_way": state}
        uploads.ask(connection, person=actor.person, upload=upload.id, answers=details)
    start_with_services(services, carry_on, actor, upload.id, once)


def stop(services: Services, person: str, upload: str) -> None:
    """Ask it to end: before the first row is recorded, or behind the part under way."""
    _keep(services, person, upload, stop=True)


def carry_on(services: Services, actor: Actor, upload: str, once: Once) -> None:
    """Record the file, keeping how far it is; what ends it is kept too."""
    file = of_person(services, actor.person, upload)
    given: Mapping[str, str] = file.asked["under_way"]["given"]
    beat, at = 0.0, ""

    def keep(heart: Heartbeat) -> None:
        _keep(services, actor.person, upload, **(asdict(heart) if at == "whole" else {}))

    def watch(done: int, total: int, stage: Stage) -> bool:
        nonlocal beat, at
        if stage == at == "whole":
            heart.done = done
            return True
        if stage == "parts":
            let_others_save()
        begins = {} if stage == at else {"began_us": microseconds(services.clock.now())}
        if done and not begins and time.monotonic() - beat < BEAT_SECONDS:
            return True
        beat, heart.total = time.monotonic(), total
        state = _keep(services, actor.person, upload, done=done, total=total, stage=stage, **begins)
        at = stage
        return not state.get("stop")

    try:
        with beating(services, upload, keep) as heart:
            outcome = record(services, actor, file, given, once, watch)
    except CaseloopError as error:
        faults = getattr(error, "faults", ())
        reasons = [
            (fault.field, fault.code, fault.sentence) for fault in faults if fault.row is None
        ]
        reasons = reasons or [("", error.code, error.sentence)]
        _keep(services, actor.person, upload, over=True, faults=reasons)
        return
    except Exception as error:
        because = f"It met trouble of its own ({type(error).__name__})."
        _keep(services, actor.person, upload, over=True, because=because)
        raise
    result = outcome.result or {}
    if result.get("not_reached"):
        _keep(services, actor.person, upload, over=True, because=result["because"], result=result)


def _keep(services: Services, person: str, upload: str, **now: Any) -> Mapping[str, Any]:
    """Keep what is known now beside what was; gives all of it, or nothing for a file that is gone,
    recorded or not under way."""
    found: Mapping[str, Any] = {}

    def change(details: dict[str, Any]) -> Mapping[str, Any]:
        nonlocal found
        if not details.get("under_way"):
            return details
        found = {**details["under_way"], "beat_us": microseconds(services.clock.now()), **now}
        return {**details, "under_way": found}

    with services.store.writing() as connection:
        uploads.amend(connection, person=person, upload=upload, change=change)
    return found
