"""Lists of cases whose headings are published, so that they are read without being asked about: the
child-level lists of Ofsted's Annex A and the tables of the Standard Safeguarding Dataset."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from api.imports.mapping import CHILD_NAMES, normal

CHILD = "Child Unique ID"
TEAM = "Allocated Team"
CASE_NAMES = ("case", *CHILD_NAMES, "case reference", "local reference")
"""What lists of a council's own call the reference of a child."""
TEAM_NAMES = ("team", "team name", "team code", "cinp cin plan team name")
CLOSED_NAMES = ("case closed", "closure date", "clae cla episode ceased", "end date")


@dataclass(frozen=True, slots=True)
class PublishedList:
    """A list: what it is called, what it is of, and headings that stand in no other list.

    `columns` has its heading of each field of a case; without `case` its rows are of no children.
    Of a list that is `open`, what is not ended is an open case.
    """

    called: str
    of: str
    headings: tuple[str, ...]
    columns: Mapping[str, str] = field(default_factory=dict)
    open: bool = False
    enough: int = 2

    @property
    def has_children(self) -> bool:
        return "case" in self.columns

    @property
    def named(self) -> str:
        """What a record of it is read from: “list 3 of Annex A: referrals”."""
        return f"{self.called}: {self.of}"


def _annex_a(
    number: int, of: str, *headings: str, open: bool = False, **columns: str
) -> PublishedList:
    own = {"case": CHILD, **columns}
    return PublishedList(f"list {number} of Annex A", of, headings, own, open)


def _table(prefix: str, of: str, *, open: bool = False, **columns: str) -> PublishedList:
    """A table by what the names of its columns begin with."""
    own = {"case": "person_id", **columns}
    named = {name: f"{prefix}_{column}" for name, column in own.items()}
    called = f"the table {prefix}_… of the Standard Safeguarding Dataset"
    return PublishedList(called, of, (named["case"],), named, open, enough=1)


def _no_children(called: str, of: str, *headings: str) -> PublishedList:
    return PublishedList(called, of, headings, enough=min(2, len(headings)))


ANNEX_A = (
    _annex_a(
        1, "contacts", "Date of Contact", "Contact Source",
        started_on="Date of Contact", referral_source="Contact Source",
    ),
    _annex_a(
        2, "early help assessments", "Assessment start date", "Assessment completion date",
        "Organisation completing assessment",
        started_on="Assessment start date", referral_source="Organisation completing assessment",
    ),
    _annex_a(
        3, "referrals", "Date of referral", "Referral Source", "Referral NFA?",
        "Number of Referrals in Last 12 Months",
        team=TEAM, started_on="Date of referral", referral_source="Referral Source",
        outcome="Referral NFA?",
    ),
    _annex_a(
        4, "assessments", "Continuous Assessment Start Date",
        "Child Seen During Continuous Assessment",
        "Continuous Assessment Date of Authorisation",
        "Was the child assessed as requiring LA children's social care support",
        team=TEAM, started_on="Continuous Assessment Start Date",
        outcome="Was the child assessed as requiring LA children's social care support",
    ),
    _annex_a(
        5, "Section 47 enquiries",
        "Strategy discussion initiating Section 47 Enquiry Start Date",
        "Was an Initial Child Protection Conference deemed unnecessary?",
        "Date of Initial Child Protection Conference",
        "Number of Section 47 Enquiries in the last 12 months",
        "Number of ICPCs in the last 12 months",
        team=TEAM, started_on="Strategy discussion initiating Section 47 Enquiry Start Date",
        outcome="Did the Initial Child Protection Conference Result in a Child Protection Plan",
    ),
    _annex_a(
        6, "children in need", "CIN Start Date", "Primary Need Code", "CIN Closure Date",
        "Reason for Closure", open=True,
        team=TEAM, started_on="CIN Start Date", closed_on="CIN Closure Date",
        status="Case Status", need="Primary Need Code",
    ),
    _annex_a(
        7, "child protection plans", "Child Protection Plan Start Date",
        "Initial Category of Abuse", "Latest Category of Abuse", "Child Protection Plan End Date",
        open=True,
        team=TEAM, started_on="Child Protection Plan Start Date",
        closed_on="Child Protection Plan End Date", need="Latest Category of Abuse",
    ),
    _annex_a(
        8, "children looked after", "Date Started to be Looked After",
        "Date Ceased to be Looked After", "Child's Category of Need", "Placement Type", open=True,
        team=TEAM, started_on="Date Started to be Looked After",
        closed_on="Date Ceased to be Looked After", status="Child's Legal Status",
        need="Child's Category of Need", placement="Placement Type",
    ),
    _annex_a(
        9, "care leavers", "Eligibility Category", "LA In Touch", "Type of Accommodation",
        "Suitability of Accommodation", open=True,
        team=TEAM, status="Eligibility Category", placement="Type of Accommodation",
    ),
    _annex_a(
        10, "children to be adopted", "Date the Child Entered Care",
        "Date of Decision that Child Should be Placed for Adoption", "Date of Placement Order",
        "Date of Matching Child and Prospective Adopters", "Date Placed for Adoption",
        started_on="Date of Decision that Child Should be Placed for Adoption",
    ),
    _no_children(
        "list 11 of Annex A", "adopters, who are adults", "Individual adopter identifier",
        "Date enquiry received", "Date Stage 1 started", "Date Stage 2 started",
        "Date application approved",
    ),
)  # fmt: skip

DATASET = (
    _table(
        "cont", "contacts",
        started_on="contact_date", referral_source="contact_source_code",
    ),
    _table(
        "earl", "early help episodes",
        started_on="episode_start_date", closed_on="episode_end_date",
        referral_source="episode_organisation",
    ),
    _table(
        "cine", "episodes of children in need", open=True,
        team="referral_team", started_on="referral_date", closed_on="close_date",
        referral_source="referral_source_code", need="cin_primary_need_code",
        outcome="referral_nfa",
    ),
    _table(
        "cina", "assessments",
        team="assessment_team", started_on="assessment_start_date",
        outcome="assessment_outcome_nfa",
    ),
    _table(
        "cinp", "plans of children in need", open=True,
        team="cin_plan_team", started_on="cin_plan_start_date", closed_on="cin_plan_end_date",
    ),
    _table("cinv", "visits to children in need", started_on="cin_visit_date"),
    _table(
        "s47e", "Section 47 enquiries",
        team="s47_completed_by_team", started_on="s47_start_date", outcome="s47_nfa",
    ),
    _table(
        "icpc", "initial child protection conferences",
        team="icpc_team", started_on="icpc_date", outcome="icpc_outcome_cp_flag",
    ),
    _table(
        "cppl", "child protection plans", open=True,
        started_on="cp_plan_start_date", closed_on="cp_plan_end_date",
        need="cp_plan_latest_category",
    ),
    _table("cppv", "child protection visits", started_on="cp_visit_date"),
    _table("cppr", "child protection reviews", started_on="cp_review_date"),
    _table(
        "clae", "episodes of care", open=True,
        started_on="cla_episode_start_date", closed_on="cla_episode_ceased_date",
        need="cla_primary_need_code",
    ),
    _table(
        "clap", "placements",
        started_on="cla_placement_start_date", closed_on="cla_placement_end_date",
        placement="cla_placement_type",
    ),
    _table("clar", "reviews of children looked after", started_on="cla_review_date"),
    _table("clav", "visits to children looked after", started_on="cla_visit_date"),
    _table(
        "lega", "legal statuses",
        started_on="legal_status_start_date", closed_on="legal_status_end_date",
        status="legal_status",
    ),
    _table("miss", "missing episodes", started_on="missing_episode_start_date"),
    _table(
        "clea", "care leavers", open=True,
        team="care_leaver_allocated_team", status="care_leaver_eligibility",
        placement="care_leaver_accommodation",
    ),
    _table(
        "perm", "permanence and adoption",
        started_on="adm_decision_date", kind="permanence_order_type",
    ),
    _table(
        "invo", "involvements of professionals", open=True,
        team="professional_team", started_on="involvement_start_date",
        closed_on="involvement_end_date",
    ),
    *(
        _table(prefix, of)
        for prefix, of in (
            ("addr", "addresses"), ("clac", "convictions"), ("clah", "health checks"),
            ("clai", "immunisations"), ("clas", "substance misuse"),
            ("csdq", "strengths and difficulties scores"), ("disa", "disabilities"),
            ("fami", "families"), ("immi", "immigration statuses"), ("lacp", "care plans"),
            ("lapp", "previous permanence"), ("link", "linked identifiers"), ("pers", "persons"),
            ("prep", "pre-proceedings"), ("s251", "finance returns"),
            ("send", "special educational needs"), ("voch", "voices of children"),
        )
    ),
    *(
        _no_children(f"the table {heading[:4]}_… of the Standard Safeguarding Dataset", of, heading)
        for heading, of in (
            ("cinf_assessment_id", "factors of assessments"), ("dept_team_id", "teams"),
            ("moth_person_id", "mothers, who are adults"),
            ("prof_professional_id", "professionals"),
        )
    ),
)  # fmt: skip

PUBLISHED = (*ANNEX_A, *DATASET)


def published(headings: Collection[str]) -> PublishedList | None:
    """The published list that these are the headings of."""
    there = set(map(normal, headings))
    return next(
        (one for one in PUBLISHED if len(there & set(map(normal, one.headings))) >= one.enough),
        None,
    )


def published_names(name: str, *, open_only: bool = False) -> tuple[str, ...]:
    """What the published lists call a field of a case."""
    found = (one.columns.get(name) for one in PUBLISHED if one.open or not open_only)
    return tuple(dict.fromkeys(normal(heading) for heading in found if heading))
