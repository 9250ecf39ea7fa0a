"""The people, teams and services of the synthetic council. Every name is that of a tree."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "only-for-demonstration"  # noqa: S105 - printed on the screen by `caseloop demo`

SERVICES = {
    "Assessment and Safeguarding": ("Front Door", "Assessment East", "Safeguarding North"),
    "Children in Care": ("Children in Care", "Leaving Care"),
    "Quality and Practice": ("Quality Assurance",),
}
TEAM_NAMES = {name.lower().replace(" ", "-"): name for names in SERVICES.values() for name in names}
RENAMED_TEAM = ("assessment-east", "Assessment and Family Help East")
"""The team that changes its name half-way, and the name it takes."""

CASE_TEAMS = (
    "front-door",
    "assessment-east",
    "safeguarding-north",
    "children-in-care",
    "leaving-care",
)


@dataclass(frozen=True, slots=True)
class CastMember:
    """One member of the cast. `leniency` is in grade steps, positive = grades higher."""

    handle: str
    name: str
    title: str
    team: str
    role: str
    leniency: float = 0.0


LEADS = (
    CastMember("lead", "Rowan Elm", "QA lead", "quality-assurance", "qa-lead"),
    CastMember("lead2", "Hazel Aspen", "QA lead", "quality-assurance", "qa-lead"),
)
ADMINISTRATOR = CastMember(
    "admin", "Alder Yew", "Administrator", "quality-assurance", "administrator"
)
MODERATORS = (
    CastMember(
        "moderator", "Juniper Oak", "Head of service", "quality-assurance", "moderator", -0.2
    ),
    CastMember("moderator2", "Linden Pine", "Head of service", "front-door", "moderator", -0.35),
    CastMember(
        "moderator3", "Maple Larch", "Head of service", "children-in-care", "moderator", -0.1
    ),
    CastMember(
        "moderator4",
        "Sorrel Cedar",
        "Principal social worker",
        "quality-assurance",
        "moderator",
        -0.3,
    ),
)
MANAGER = CastMember("manager", "Bryony Fir", "Team manager", "front-door", "team-manager")
READER = CastMember("reader", "Tansy Rowan", "Director", "quality-assurance", "reader")
INSPECTOR = ("inspector", "Ellis Hornbeam")
"""The sign-in name and the name of somebody from outside, who has a room and no role."""
_TREES = (
    "Ash",
    "Birch",
    "Beech",
    "Willow",
    "Poplar",
    "Hawthorn",
    "Holly",
    "Ivy",
    "Cypress",
    "Acacia",
    "Chestnut",
    "Walnut",
    "Plum",
    "Cherry",
    "Apple",
    "Pear",
    "Quince",
    "Medlar",
    "Olive",
    "Laurel",
)
_FIRST = ("Bay", "Fern", "Heath", "Clover")


def auditors() -> list[CastMember]:
    """Twenty auditors over the case teams; the first one signs in as ``auditor``."""
    made: list[CastMember] = []
    for index, tree in enumerate(_TREES):
        team = CASE_TEAMS[index % len(CASE_TEAMS)]
        made.append(
            CastMember(
                handle="auditor" if index == 0 else f"auditor{index + 1}",
                name=f"{_FIRST[index % len(_FIRST)]} {tree}",
                title="Team manager",
                team=team,
                role="auditor",
                leniency=((index * 7) % 11 - 5) / 14,
            )
        )
    return made


def practitioners() -> list[CastMember]:
    """Two practitioners in every case team, who hold the cases; the first one has an account."""
    return [
        CastMember(
            f"worker-{team}-{number}",
            f"Practitioner {number} of {TEAM_NAMES[team]}",
            "Social worker",
            team,
            "practitioner",
        )
        for team in CASE_TEAMS
        for number in (1, 2)
    ]
