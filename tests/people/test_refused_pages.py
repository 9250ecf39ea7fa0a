"""What the pages and the command line of people refuse, by name."""

from __future__ import annotations

import pytest

from qa.core.errors import Refused
from qa.security.accounts import addresses
from tests.support.command_line import Run
from tests.support.council import Council
from tests.support.forms import send
from tests.support.told_codes import ToldCodes


def test_an_address_is_an_e_mail_address_or_none(small_council: Council) -> None:
    services, person = small_council.services, small_council.ids["auditor"]

    def put(address: str) -> None:
        with services.store.writing() as connection:
            addresses.put(connection, services.clock, person=person, address=address)

    for wrong in ("nobody", "a@b", "a b@council.gov.uk", "x" * 190 + "@council.gov.uk"):
        with pytest.raises(Refused) as refused:
            put(wrong)
        assert refused.value.faults[0].code == "address-malformed"
    put("name@council.gov.uk")
    put("")


def test_a_role_is_one_that_there_is_and_is_held(
    small_council: Council, told_codes: ToldCodes
) -> None:
    admin, path = small_council.browser("admin"), f"/people/{small_council.ids['reader']}"
    answer = send(admin, f"{path}/role", {"role": "none", "scope": "council"})
    assert (answer.status_code, told_codes.taken()) == (422, ["role-unknown"])
    answer = send(admin, f"{path}/end-role", {"grant": "none"})
    assert (answer.status_code, told_codes.taken()) == (422, ["role-not-held"])


def test_the_command_line_names_the_roles_that_there_are(run: Run, told_codes: ToldCodes) -> None:
    run("init")
    run("people", "add", "ada", "--name", "Ada Tree", "--admin")
    said = run("people", "grant", "ada", "king")
    assert (said.code, told_codes.taken()) == (3, ["role-unknown"])
