"""What is undone leaves wholly: also where another file corrected it, and was undone before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.imports.about import AboutPlan
from api.imports.answers import ImportAnswers
from api.imports.reading import read_sheet
from api.imports.run import ImportChoices, run
from qa.imports.reversal_commands import ReverseImport
from qa.imports.reversal_handlers import reverse_import
from tests.imports.support import ABOUT, SCALE
from tests.supervision.support import begun, managed
from tests.support.council import Council
from tests.support.given import codes_of

CORRECT = ImportAnswers(changed="correct", reason="The tracker of the service was wrong.")
PAIR = "worker,reader,{}"
LEVELS = "Level,Label,Rank,Meaning,Colour,Met,Final,Evidence\ngood,Good,1,Done,green,yes,no,no\n"
LEVELS += "late,Late,2,Overdue,red,no,no,no\n"
PLAN = "Action ref,Action,Due\n1.1,Coach,2026-03-31\n1.2,Train,2026-03-31\n"
INDICATORS = "Indicator,Unit,Given by,Holds from\nplans,percent,month,2025-04-01\n"


def sent(
    council: Council, kind: str, text: str, about: AboutPlan, **said: object
) -> dict[str, int]:
    answers = CORRECT if said else ImportAnswers()
    sheet = read_sheet("file.csv", text.encode())
    choices = ImportChoices(about=about, answers=answers)
    done = run(council.services, kind, sheet, choices, by=council.actor("lead"))
    return dict(done.result or {})


def undo(council: Council, batch: object) -> object:
    wanted = ReverseImport(batch=str(batch), reason="The wrong file")
    done = reverse_import(council.services.desk, wanted, by=council.actor("lead"))
    return done.response["records"]


def prepared(council: Council, kind: str, about: AboutPlan) -> AboutPlan:
    """What files of the kind speak of is there; and about what they are."""
    if kind == "sessions":
        managed(council)
        begun(council, days_ago=60)
    elif kind == "observations":
        sent(council, "indicators", INDICATORS, about)
    elif kind == "measures":
        about = ABOUT
        sent(council, "rag-scale", LEVELS, AboutPlan(of_scale=SCALE))
        sent(council, "plan", PLAN, about)
    return about


@pytest.mark.parametrize(
    ("kind", "first", "corrected"),
    [
        (
            "sessions",
            "worker,reader,{},Yes,\nworker,reader,{},No,Leave",
            "worker,reader,{},No,Leave",
        ),
        ("open-cases", "C-1,East\nC-2,East", "C-1,East\nC-3,East"),
        ("observations", "plans,Apr 2025,91%\nplans,May 2025,92%", "plans,Apr 2025,93%"),
        ("measures", "1.1,SM1,Coached\n1.2,SM2,Trained", "1.1,SM1,Coached twice"),
    ],
)
def test_a_file_that_was_corrected_by_one_that_was_undone_is_undone_wholly(
    small_council: Council, kind: str, first: str, corrected: str
) -> None:
    council, about = small_council, AboutPlan(as_at=small_council.today)
    days = [council.today - timedelta(days=ago) for ago in (40, 20)]
    headings = {
        "sessions": "Practitioner,Supervisor,Date,Held,Why not held",
        "open-cases": "Child ID,Team",
        "observations": "Indicator,Period,Value",
        "measures": "Ref,Measure ref,Success measure",
    }[kind]
    about = prepared(council, kind, about)
    old, new = (f"{headings}\n{rows.format(*days)}\n" for rows in (first, corrected))

    brought = sent(council, kind, old, about)
    again = sent(council, kind, new, about, corrects=True)
    assert (brought["imported"], again["corrected"] > 0) == (2, True)
    undo(council, again["batch"])
    assert sent(council, kind, old, about)["already_there"] == 2
    assert undo(council, brought["batch"]) == 2
    other = new if kind == "open-cases" else old
    assert sent(council, kind, other, about)["imported"] == 2


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
@pytest.mark.parametrize(
    ("kind", "headings", "files"),
    [
        (
            "sessions",
            "Practitioner,Supervisor,Date,Held,Why not held",
            (
                "worker,reader,{},Yes,\nworker,reader,{},No,Leave",
                "worker,reader,{},No,Leave\nworker,reader,{},Yes,",
                "worker,reader,{},Yes,",
            ),
        ),
        (
            "observations",
            "Indicator,Period,Value",
            (
                "plans,Apr 2025,91%\nplans,May 2025,92%",
                "plans,Apr 2025,93%\nplans,May 2025,94%",
                "plans,Apr 2025,95%",
            ),
        ),
        (
            "measures",
            "Ref,Measure ref,Success measure",
            (
                "1.1,SM1,Coached\n1.2,SM2,Trained",
                "1.1,SM1,Coached twice\n1.2,SM2,Trained twice",
                "1.1,SM1,Coached often",
            ),
        ),
    ],
)
def test_what_a_third_file_corrected_never_comes_back_from_one_that_was_undone(
    small_council: Council,
    kind: str,
    headings: str,
    files: tuple[str, ...],
    order: tuple[int, int],
) -> None:
    council, about = small_council, AboutPlan(as_at=small_council.today)
    days = [council.today - timedelta(days=ago) for ago in (40, 20)]
    about = prepared(council, kind, about)
    old, *corrected = (f"{headings}\n{rows.format(*days)}\n" for rows in files)
    batches = [sent(council, kind, old, about)["batch"]]
    batches += [sent(council, kind, text, about, corrects=True)["batch"] for text in corrected]
    assert codes_of(lambda: undo(council, batches[0])) == ["nothing-left"]
    for at in order:
        undo(council, batches[at])
    assert sent(council, kind, old, about)["already_there"] == 2
    assert undo(council, batches[0]) == 2
