"""A log that holds what it should not: everything else goes on, and the position is named.

Such events are written beneath the gates that keep them out today.
"""

from __future__ import annotations

import pytest

from api.cli.app import main
from projections.audits.tables import AuditRow
from projections.core.health import health
from projections.core.rebuild import rebuild
from projections.core.verify import verify
from qa.store import codec
from tests.support.council import Council
from tests.support.tampering import tampered

SECRET = "The child is safe, but"


def with_nul(council: Council, monkeypatch: pytest.MonkeyPatch) -> str:
    """A submitted audit with NUL in a text; its id."""
    with monkeypatch.context() as beneath:
        beneath.setattr(codec, "refuse_unstorable", lambda *parts: None)
        return council.submitted(rationale=f"{SECRET}\x00 " + "enough words to be a reason " * 9)


def position_of(council: Council, kind: str) -> int:
    return [each.position for each in council.services.store.events() if each.type == kind][-1]


def command_line(council: Council, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    settings = council.services.settings
    monkeypatch.setenv("CASELOOP_STORE", settings.store)
    monkeypatch.setenv("CASELOOP_KEY_FILE", str(settings.key_file))
    with pytest.raises(SystemExit) as ended:
        main(list(words))
    return int(ended.value.code or 0)


def test_no_way_in_lets_nul_into_the_log(council: Council) -> None:
    with pytest.raises(codec.Refused) as refused:
        council.submitted(rationale="a\x00 " + "enough words to be a reason " * 9)
    assert refused.value.code == codec.UNSTORABLE
    before = council.services.store.head()
    with pytest.raises(codec.Refused):
        council.submitted(rationale="a\ud83d " + "enough words to be a reason " * 9)
    assert council.services.store.head() == before + 1  # its allocation


def test_six_characters_that_look_like_nul_are_text(council: Council) -> None:
    text = "What \\u0000 means " + "enough words to be a reason " * 9
    audit = council.submitted(rationale=text)
    content = council.view(audit).content
    assert content is not None
    assert content.rationale.strip() == text.strip()


@pytest.mark.postgres
def test_a_nul_in_the_log_is_shown_as_a_sign_and_told_of(
    postgres_council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On PostgreSQL, which could not hold it in a row."""
    council, services = postgres_council, postgres_council.services
    audit = with_nul(council, monkeypatch)
    capsys.readouterr()
    assert command_line(council, monkeypatch, "rebuild") == 0
    told = capsys.readouterr()
    assert f"Fact {position_of(council, 'CaseAuditSubmitted')} holds a character" in told.err
    assert SECRET not in told.out + told.err
    content = council.view(audit).content
    assert content is not None
    assert content.rationale.startswith(f"{SECRET}\u2400 enough")
    assert verify(services.store, services.registry) == []
    page = council.browser("lead").get(f"/audits/{audit}")
    assert page.status_code == 200
    assert council.program("lead").get(f"/api/v1/case-audits/{audit}").status_code == 200


def test_one_event_that_cannot_be_read_is_set_aside_and_named(
    small_council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    council, services = small_council, small_council.services
    bad, good = council.submitted(rationale=f"{SECRET} " * 30), council.submitted()
    stream = f"case-audit:{bad}"
    position = next(
        each.position
        for each in services.store.events(stream=stream)
        if each.type == "CaseAuditSubmitted"
    )
    state = b'{"v":1,"m":{},"d":"' + SECRET.encode() + b'"}'
    tampered(
        council.services.store, "UPDATE fact SET state = ? WHERE position = ?", (state, position)
    )
    capsys.readouterr()
    assert command_line(council, monkeypatch, "rebuild") == 1
    told = capsys.readouterr()
    assert f"fact {position} ({stream})" in told.err
    assert "Traceback" not in told.err
    assert SECRET not in told.out + told.err
    assert council.view(good).content is not None
    assert council.view(bad).content is None
    with services.store.reading() as connection:
        states = {h.name: h for h in health(services.registry, connection, council.clock.now())}
    assert states["case_audits"].status == "failed"
    assert [(a.stream, a.position) for a in states["case_audits"].aside] == [(stream, position)]
    assert states["people"].status == "live"

    assert command_line(council, monkeypatch, "verify") == 1
    told = capsys.readouterr()
    assert str(position) in told.err
    assert "Traceback" not in told.err
    assert "SELECT" not in told.out + told.err
    assert SECRET not in told.out + told.err
    log = [each for each in verify(services.store, services.registry) if each.where == "log"]
    assert [each.key for each in log] == [(position,)]


def test_verify_never_prints_what_a_row_holds(
    council: Council, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = council.submitted(rationale=f"{SECRET} " * 30)
    with council.services.store.writing() as connection:
        connection.exec_driver_sql(
            f"UPDATE audit_row SET child = 'C-other' WHERE audit = '{audit}'"
        )
    capsys.readouterr()
    assert command_line(council, monkeypatch, "verify") == 1
    told = capsys.readouterr()
    assert "(in child)" in told.err
    assert SECRET not in told.out + told.err


def test_a_row_that_the_database_does_not_take_is_set_aside_alone(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a later database refuses is not known today: here, a number beyond 64 bits."""
    services = council.services
    bad, good = council.submitted(), council.submitted()
    [projector] = [p for p in services.registry.projectors if p.name == "case_audits"]
    project = projector.project

    def too_large(recorded):  # type: ignore[no-untyped-def]
        for change in project(recorded):
            row = getattr(change, "row", None)
            if isinstance(row, AuditRow) and row.audit == bad:
                change = change._replace(row=row._replace(opened=2**70))
            yield change

    monkeypatch.setattr(projector, "project", too_large)
    found = rebuild(services.store, services.registry, only=["case_audits"]).listed()
    assert {one.stream for one in found["case_audits"]} == {f"case-audit:{bad}"}
    assert council.view(good).content is not None
