"""Signing in and out, setting a password with a one-time code, and a person's own account."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from api.people.sign_in import browser_named, held_off, proven
from api.web.csrf import Posted
from api.web.forms import Errors, Nested, pairs, text
from api.web.late_routes import PageRouter
from api.web.problems import as_refusal
from api.web.request import (
    PerhapsSignedIn,
    SignedIn,
    SomeoneSignedIn,
    TheClock,
    TheRecords,
    address_hash,
    address_of,
    settings_of,
)
from api.web.template_engine import render
from api.web.typed_again import CARRIED, carried, given_back, local
from projections.people import queries as people_queries
from qa.authorisation.policy import can
from qa.core.access import What
from qa.core.clock import Clock
from qa.core.errors import Fault, Refused, refuse_any
from qa.core.words import Resource
from qa.security import access_log
from qa.security.accounts import attempts, credentials, one_time, sessions, tokens, ways_in
from qa.security.accounts.credentials import Credential
from qa.store.store import Store

router = PageRouter(include_in_schema=False)

_BACK = ("You are signed in again. Look at what you entered, then send it once more.",)
WRONG = "The sign-in name or the password is not right."
BAD_CODE = "This code is not known, was used already, or is too old. Ask for a new one."


@router.get("/sign-in")
def sign_in_page(
    request: Request, signed: PerhapsSignedIn, onward: Annotated[str, Query(alias="next")] = "/"
) -> Response:
    if signed:
        return RedirectResponse(local(onward), status_code=303)
    return _sign_in_form(request, local(onward))


def _sign_in_form(
    request: Request,
    onward: str,
    name: str = "",
    typed: Nested | None = None,
    errors: Errors | None = None,
) -> Response:
    return render(
        request,
        "people/sign_in.html",
        title="Sign in",
        onward=onward,
        name=name,
        carried=list(pairs(typed or {})),
        carries=CARRIED,
        errors=errors or Errors(),
    )


@router.post("/sign-in")
def sign_in(request: Request, form: Posted, records: TheRecords, clock: TheClock) -> Response:
    name, password = text(form, "name"), form.get("password", "")
    onward = local(text(form, "next"))
    try:
        person = _person(request, records, clock, name, password)
    except Refused as refused:
        errors = Errors.of(refused, ("name", "password"))
        page = _sign_in_form(request, onward, name, carried(form), errors)
        return as_refusal(page, refused)
    return _begun(request, records, clock, person, onward, carried(form))


def _person(request: Request, records: Store, clock: Clock, name: str, password: object) -> str:
    faults = []
    if not name:
        faults.append(Fault("name", "missing", "Enter your sign-in name."))
    if not isinstance(password, str) or not password:
        faults.append(Fault("password", "missing", "Enter your password."))
    refuse_any(faults)
    with records.writing() as connection:
        attempt, wait = attempts.begin(connection, clock, name=name, address=address_of(request))
        credential = credentials.find(connection, name)
    if wait:
        raise held_off(wait, "name")
    # The password is verified between two transactions, because it is slow on purpose.
    if not credentials.matches(credential, str(password)) or credential is None:
        if credential is not None:
            _note(request, records, clock, credential.person, What.DENIED, "sign-in")
        raise Refused(WRONG, field="name", code="wrong")
    with records.writing() as connection:
        attempts.succeeded(connection, attempt)
    return credential.person


def _note(
    request: Request, records: Store, clock: Clock, person: str, what: What, subject: str
) -> None:
    with records.writing() as connection:
        line = _line(request, person, what, subject)
        access_log.note(connection, clock, line)


def _line(request: Request, person: str, what: What, subject: str) -> access_log.AccessLine:
    return access_log.AccessLine(
        person=person,
        in_role="",
        what=what,
        subject=subject,
        address_hash=address_hash(request),
    )


def _begun(
    request: Request,
    records: Store,
    clock: Clock,
    person: str,
    onward: str,
    typed: Nested | None = None,
) -> Response:
    """A new session for `person`, whatever session the browser had before; what they had `typed`
    before it is shown to them again."""
    old = request.cookies.get(settings_of(request).cookie_name, "")
    with records.writing() as connection:
        if old and (before := sessions.find(connection, clock, old)):
            sessions.end(connection, person=before.person, handle=before.handle)
        secret, session = sessions.start(
            connection, clock, person=person, agent=request.headers.get("user-agent", "")
        )
        line = _line(request, person, What.SIGN_IN, f"person:{person}")
        access_log.note(connection, clock, line)
    response: Response = RedirectResponse(onward, status_code=303)
    if typed:
        request.state.signed_in = SignedIn(person, session, request.app.state.actor_for(person))
        page = given_back(
            request, typed, onward, title="Go on with what you typed", sentences=_BACK
        )
        response = page or response
    set_cookie(request, response, secret)
    return response


def set_cookie(request: Request, response: Response, secret: str) -> None:
    """Give the browser its session; it is forgotten when the browser closes."""
    settings = settings_of(request)
    response.set_cookie(
        settings.cookie_name,
        secret,
        path="/",
        secure=settings.https,
        httponly=True,
        samesite="lax",
    )


@router.post("/sign-out")
def sign_out(
    request: Request, form: Posted, signed: SomeoneSignedIn, records: TheRecords, clock: TheClock
) -> Response:
    with records.writing() as connection:
        sessions.end(connection, person=signed.person, handle=signed.session.handle)
        access_log.note(
            connection,
            clock,
            access_log.AccessLine(
                person=signed.person,
                in_role=signed.role,
                what=What.SIGN_OUT,
                subject=f"person:{signed.person}",
                address_hash=address_hash(request),
            ),
        )
    response = RedirectResponse("/sign-in", status_code=303)
    settings = settings_of(request)
    response.delete_cookie(
        settings.cookie_name, path="/", secure=settings.https, httponly=True, samesite="lax"
    )
    return response


@router.get("/session")
def stay(signed: SomeoneSignedIn, records: TheRecords, clock: TheClock) -> Response:
    """Keeps the session alive; the time-out warning asks for it."""
    with records.writing() as connection:
        sessions.touch(connection, clock, signed.session)
    return Response(status_code=204)


@router.get("/set-password")
def set_password_page(request: Request) -> Response:
    return render(request, "people/set_password.html", title="Set your password", code="")


@router.post("/set-password")
def set_password(request: Request, form: Posted, records: TheRecords, clock: TheClock) -> Response:
    code = text(form, "code")
    try:
        with records.reading() as connection:
            person = one_time.holder(connection, clock, code)
            if person is None:
                raise Refused(BAD_CODE, field="code", code="bad-code")
            credential = credentials.of(connection, person)
        password = _chosen(request, records, form, credential)
        stored = credentials.hashed(password)
        with records.writing() as connection:
            if one_time.spend(connection, clock, code) is None:
                raise Refused(BAD_CODE, field="code", code="bad-code")
            credentials.store(connection, clock, person=person, password_hash=stored)
            ways_in.end_all(connection, clock, person)
    except Refused as refused:
        return render(
            request,
            "people/set_password.html",
            status=422,
            title="Set your password",
            code=code,
            errors=Errors.of(refused, ("code", "password", "again")),
        )
    return _begun(request, records, clock, person, "/")


def _chosen(request: Request, records: Store, form: Posted, credential: Credential) -> str:
    """The new password in the form. Raises Refused naming everything wrong with it."""
    with records.reading() as connection:
        names = people_queries.names(connection, [credential.person])
    words = (settings_of(request).council_name, *names.values())
    password, again = form.get("password", ""), form.get("again", "")
    faults: list[Fault] = []
    if not isinstance(password, str):
        raise Refused("Enter one password.", field="password")
    try:
        credentials.check_strength(password, name=credential.name, words=words)
    except Refused as weak:
        faults.extend(weak.faults)
    if again != password:
        faults.append(Fault("again", "differs", "The two passwords are not the same."))
    refuse_any(faults)
    return password


@router.get("/account")
def account(
    request: Request,
    signed: SomeoneSignedIn,
    records: TheRecords,
    clock: TheClock,
    done: str = "",
) -> Response:
    notices = {
        "password": "Your password is changed. Your other sessions, your tokens and the address "
        "of your calendar were ended.",
        "session": "The session is ended.",
        "token": "The token is revoked.",
    }
    return _account(request, signed, records, clock, notice=notices.get(done))


def _account(
    request: Request,
    signed: SignedIn,
    records: Store,
    clock: Clock,
    *,
    errors: Errors | None = None,
    notice: str | None = None,
    secret: str | None = None,
    label: str = "",
) -> Response:
    with records.reading() as connection:
        found = {
            "name": credentials.of(connection, signed.person).name,
            "sessions": sessions.of(connection, clock, signed.person),
            "tokens": tokens.of(connection, signed.person),
        }
    return render(
        request,
        "people/account.html",
        status=422 if errors else 200,
        title="My account",
        errors=errors or Errors(),
        said=notice,
        secret=secret,
        browser_named=browser_named,
        scopes=tokens.SCOPES,
        now=clock.now(),
        label=label,
        may_name_deputy=can(signed.actor, "name-deputy", Resource(person=signed.person)).allowed,
        **found,
    )


def _proven(
    request: Request, form: Posted, signed: SignedIn, records: Store, clock: Clock
) -> Credential:
    """The credential of whoever is signed in, once they gave their password again. Raises
    Refused."""
    password = str(form.get("current", ""))
    return proven(records, clock, signed.person, password, address_of(request))


@router.post("/account/password")
def change_password(
    request: Request, form: Posted, signed: SomeoneSignedIn, records: TheRecords, clock: TheClock
) -> Response:
    try:
        credential = _proven(request, form, signed, records, clock)
        stored = credentials.hashed(_chosen(request, records, form, credential))
        with records.writing() as connection:
            credentials.store(connection, clock, person=signed.person, password_hash=stored)
            ways_in.end_all(connection, clock, signed.person)
            secret, _ = sessions.start(
                connection,
                clock,
                person=signed.person,
                role=signed.session.role,
                agent=signed.session.agent,
            )
    except Refused as refused:
        shown = Errors.of(refused, ("current", "password", "again"))
        return as_refusal(_account(request, signed, records, clock, errors=shown), refused)
    response = RedirectResponse("/account?done=password", status_code=303)
    set_cookie(request, response, secret)
    return response


@router.post("/account/sessions/{handle}/end")
def end_session(
    handle: str, form: Posted, signed: SomeoneSignedIn, records: TheRecords
) -> Response:
    with records.writing() as connection:
        sessions.end(connection, person=signed.person, handle=handle)
    return RedirectResponse("/account?done=session", status_code=303)


@router.post("/account/tokens")
def make_token(
    request: Request, form: Posted, signed: SomeoneSignedIn, records: TheRecords, clock: TheClock
) -> Response:
    days = text(form, "days")
    chosen = form.get("scopes", [])
    try:
        _proven(request, form, signed, records, clock)
        with records.writing() as connection:
            secret, _ = tokens.make(
                connection,
                clock,
                person=signed.person,
                label=text(form, "label"),
                scopes=[chosen] if isinstance(chosen, str) else [str(one) for one in chosen],
                lasts=timedelta(days=int(days) if days.isdecimal() and len(days) < 5 else 0),
            )
    except Refused as refused:
        shown = Errors.of(refused, ("label", "scopes", "days", "current"))
        page = _account(request, signed, records, clock, errors=shown, label=text(form, "label"))
        return as_refusal(page, refused)
    return _account(request, signed, records, clock, secret=secret)


@router.post("/account/tokens/{token}/revoke")
def revoke_token(
    token: int, form: Posted, signed: SomeoneSignedIn, records: TheRecords, clock: TheClock
) -> Response:
    with records.writing() as connection:
        tokens.revoke(connection, clock, person=signed.person, token=token)
    return RedirectResponse("/account?done=token", status_code=303)
