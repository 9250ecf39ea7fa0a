"""Sign-in, below the pages."""

import base64
from datetime import timedelta
from random import Random

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from qa.core.access import What
from qa.core.asking import ask
from qa.core.clock import SetClock
from qa.core.errors import NotFound, Refused
from qa.security import access_log
from qa.security.access_log import AccessLine, AccessLogFilter
from qa.security.accounts import attempts, credentials, one_time, sessions, tables, tokens
from tests.support.given import codes_of
from tests.support.shell import NOON, records_at

HOME, AWAY = "192.0.2.1", "198.51.100.{}"


@pytest.fixture
def clock():
    return SetClock(NOON)


@pytest.fixture
def db(tmp_path):
    records = records_at(tmp_path)
    with records.writing() as connection:
        yield connection
    records.close()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "too-short"),
        ("x" * 201, "too-long"),
        ("my name is ada.l ok", "holds-name"),
        ("aaaaaaaaaaaaaaa", "repeats"),
        ("blue 123456 sky", "run"),
        ("harbourharbour", "common"),
        ("my Password is ok", "common"),
        ("iloveyou12345", "common"),
        ("Welcome-12345", "common"),
        ("manchesterunited", "common"),
        ("Autumn2026Autumn", "common"),
        ("2026 0711 1984", "common"),
        ("caseloop caseloop", "holds-context"),
        ("northshire harbour", "holds-context"),
        ("the lovelace tree", "holds-context"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password, code):
    words = ("Northshire County Council", "Ada Lovelace")
    with pytest.raises(Refused) as refused:
        credentials.check_strength(password, name="ada.l", words=words)
    assert code in {f.code for f in refused.value.faults}


def test_three_words_will_do():
    for good in ("three plain words", "cloud over harbour", "summer by the old bridge"):
        credentials.check_strength(good, name="ada.l", words=("Your council", "Ada Lovelace"))


LONG = "".join(Random(1).choices("bdfgklmnprstvz aeiou", k=201))


@pytest.mark.parametrize(
    ("password", "words", "codes"),
    [
        ("zq vomp knel", (), []),
        ("zq vomp kne", (), ["too-short"]),
        (LONG[:200], (), []),
        (LONG, (), ["too-long"]),
        ("tovaktavokat", (), []),
        ("tovatovavota", (), ["repeats"]),
        ("zq vomp knel oak", ("Oak",), []),
        ("zq vomp knel oaks", ("Oaks",), ["holds-context"]),
    ],
)
def test_each_bound_of_a_password_is_where_it_is_said_to_be(password, words, codes):
    assert codes_of(lambda: credentials.check_strength(password, name="", words=words)) == codes


def test_the_hash_costs_what_owasp_asks_and_the_dummy_costs_the_same():
    assert credentials.hashed("three plain words").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(credentials._DUMMY, "anything")
    assert credentials.matches(None, "anything") is False


def test_a_name_is_unique_without_regard_to_case_and_passwords_need_a_name(db, clock):
    credentials.enrol(db, person="p1", name=" Ada.L ")
    for person, name in (("p2", "ADA.L"), ("p1", "other"), ("p3", "no spaces")):
        with pytest.raises(Refused):
            credentials.enrol(db, person=person, name=name)
    with pytest.raises(NotFound):
        credentials.store(db, clock, person="p9", password_hash="x")
    assert credentials.find(db, "aDa.l").person == "p1"
    assert not credentials.matches(credentials.find(db, "ada.l"), "")


def fail(db, clock, name, address, times):
    """Make `times` wrong guesses, each as soon as it is let through."""
    for _ in range(times):
        _, wait = attempts.begin(db, clock, name=name, address=address)
        if wait:
            clock.advance(wait)
            assert attempts.begin(db, clock, name=name, address=address)[1] == timedelta(0)


def test_the_delay_doubles_and_stops_growing(db, clock):
    most = timedelta(minutes=15)
    waits = [attempts.delay(n, 3, most).total_seconds() for n in (0, 2, 3, 4, 5, 12, 13, 999)]
    assert waits == [0, 0, 1, 2, 4, 512, 900, 900]


def test_hammering_from_elsewhere_does_not_hold_up_the_owner_at_the_usual_desk(db, clock):
    attempt, _ = attempts.begin(db, clock, name="ada", address=HOME)
    attempts.succeeded(db, attempt)
    for last in range(60):
        attempts.begin(db, clock, name="ada", address=AWAY.format(last))
    assert attempts.begin(db, clock, name="ada", address=AWAY.format(99))[1] > timedelta(0)
    assert attempts.begin(db, clock, name="ADA ", address=HOME)[1] == timedelta(0)


def test_one_address_may_not_try_one_guess_at_many_names(db, clock):
    for person in range(attempts.ADDRESS_FREE):
        assert attempts.begin(db, clock, name=f"n{person}", address=HOME)[1] == timedelta(0)
    assert attempts.begin(db, clock, name="another", address=HOME)[1] > timedelta(0)


def test_guesses_sent_at_once_count_before_any_is_verified(db, clock):
    waits = [attempts.begin(db, clock, name="ada", address=HOME)[1] for _ in range(5)]
    assert [wait > timedelta(0) for wait in waits] == [False, False, False, True, True]


def test_a_success_starts_the_count_again_and_nobody_is_locked_out_for_ever(db, clock):
    fail(db, clock, "ada", HOME, 30)
    clock.advance(timedelta(minutes=15))
    attempt, wait = attempts.begin(db, clock, name="ada", address=HOME)
    assert wait == timedelta(0)
    attempts.succeeded(db, attempt)
    clock.advance(timedelta(seconds=1))
    fail(db, clock, "ada", HOME, 2)
    assert attempts.begin(db, clock, name="ada", address=HOME)[1] == timedelta(0)


def test_ipv6_counts_by_its_network_and_old_attempts_are_swept(db, clock):
    assert attempts.place("2001:db8::1") == attempts.place("2001:db8::ffff") == "2001:db8::/64"
    assert attempts.place("::ffff:192.0.2.1") == "192.0.2.1"
    attempts.begin(db, clock, name="ada", address=HOME)
    clock.advance(timedelta(days=91))
    assert attempts.sweep(db, clock) == 1


def test_only_the_hash_of_a_session_is_kept_and_it_lasts_twelve_hours_at_most(db, clock):
    secret, session = sessions.start(db, clock, person="p1", role="auditor")
    assert secret not in str(db.execute(select(tables.sessions)).all())
    for _ in range(24):
        clock.advance(timedelta(minutes=29))
        assert sessions.find(db, clock, secret)
        sessions.touch(db, clock, session)
    clock.advance(timedelta(minutes=24))
    assert sessions.find(db, clock, secret) is None
    assert sessions.sweep(db, clock) == 1


def test_a_person_ends_only_their_own_sessions(db, clock):
    _, session = sessions.start(db, clock, person="p1")
    assert not sessions.end(db, person="p2", handle=session.handle)
    assert sessions.end(db, person="p1", handle=session.handle)


def test_a_token_expires_notes_its_use_and_is_kept_as_a_hash(db, clock):
    secret, token = tokens.make(
        db, clock, person="p1", label="BI", scopes=["read"], lasts=timedelta(days=1)
    )
    assert secret.startswith("clp_")
    assert secret not in str(db.execute(select(tables.tokens)).all())
    found = ask(db, tokens.live(clock, secret))
    assert found is not None
    assert found.id == token.id
    assert tokens.needs_touch(found, clock)
    tokens.touch(db, clock, found)
    assert tokens.of(db, "p1")[0].used == NOON
    assert not tokens.needs_touch(tokens.of(db, "p1")[0], clock)
    with pytest.raises(NotFound):
        tokens.revoke(db, clock, person="p2", token=token.id)
    clock.advance(timedelta(days=1))
    assert ask(db, tokens.live(clock, secret)) is None


def test_a_token_is_read_from_bearer_and_from_the_password_of_basic():
    basic = base64.b64encode(b"me:clp_x").decode()
    assert tokens.secret_in("Bearer clp_x") == tokens.secret_in(f"Basic {basic}") == "clp_x"
    for other in ("", "Bearer other", "Basic !!", "Digest clp_x"):
        assert tokens.secret_in(other) is None


def test_a_code_works_once_until_a_newer_one_or_three_days(db, clock):
    old = one_time.make(db, clock, person="p1")
    code = one_time.make(db, clock, person="p1")
    assert one_time.holder(db, clock, old) is None
    assert one_time.spend(db, clock, code.upper()) == "p1"
    assert one_time.spend(db, clock, code) is None
    late = one_time.make(db, clock, person="p1")
    clock.advance(one_time.LASTS)
    assert one_time.spend(db, clock, late) is None


def test_the_access_log_knows_who_saw_what_and_pages_by_id(db, clock):
    for number in range(5):
        access_log.note(
            db,
            clock,
            AccessLine(person="p1", in_role="lead", what=What.VIEW, subject=f"audit:{number}"),
        )
    access_log.note(
        db,
        clock,
        AccessLine(person="p2", in_role="", what=What.EXPORT, subject="audit:1"),
    )
    assert access_log.seen(db, "p1", "audit:1")
    assert not access_log.seen(db, "p1", "audit:1", before=NOON)
    assert access_log.seen(db, "p2", "audit:1"), "what was taken out was seen"
    assert not access_log.seen(db, "p2", "audit:2")
    first = access_log.page(db, limit=2)
    assert [line.id for line in first] == [6, 5]
    assert [line.id for line in access_log.page(db, AccessLogFilter(person="p1"), before=5)] == [
        4,
        3,
        2,
        1,
    ]
    assert [line.what for line in access_log.page(db, AccessLogFilter(subjects=("audit:1",)))] == [
        "export",
        "view",
    ]
