"""The restriction on a child's records, and what others ask before they name somebody."""

from __future__ import annotations

from qa.authorisation.context import Work
from qa.people.loading import load_person
from qa.restrictions import decisions
from qa.restrictions.events import restriction_stream
from qa.restrictions.state import Restriction, evolve, together


def load_restriction(work: Work, restriction: str) -> Restriction:
    return work.unit.load(restriction_stream(restriction), evolve, Restriction())


def every_of_child(work: Work, child: str) -> list[Restriction]:
    """The restrictions that stand on the records of a child, under any of its references."""
    found = work.desk.lookups.restrictions_of(work.unit.connection, child) if child else ()
    return [load_restriction(work, one) for one in found]


def of_child(work: Work, child: str) -> Restriction:
    """What stands on the records of a child, as one; an empty one where nothing does."""
    return together(every_of_child(work, child))


def may_be_given(work: Work, child: str, person: str, *, field: str) -> None:
    """Raises `Refused` for somebody who would be given work about the child and cannot read it."""
    restriction = of_child(work, child)
    name = load_person(work, person).name or person
    decisions.may_be_given(restriction, name=name, person=person, field=field, today=work.today)


def may_begin(work: Work, child: str) -> None:
    """Raises `Refused` where the records of the child are closed to whoever acts."""
    decisions.may_begin(of_child(work, child), by=work.by.person, today=work.today)
