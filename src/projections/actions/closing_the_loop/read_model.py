"""How well loops close: actions from finding to effect, counted, timed and recounted.

question = Question(start=date(2026, 4, 1), end=date(2027, 3, 31), dimensions=("team",))
made = report(connection, question, day=day, head=head, position=position)
made.to_json()
behind(connection, Asking(question, day, position, frozenset()), "loop_closed_rate", visible)
"""

from projections.actions.closing_the_loop.behind import (
    ActionBehind,
    Behind,
    behind,
    masked,
    needed,
)
from projections.actions.closing_the_loop.counting import Asking, last_raised
from projections.actions.closing_the_loop.lists import StandingOut, Waiting, standing_out
from projections.actions.closing_the_loop.question import DIMENSIONS, THEME, Question
from projections.actions.closing_the_loop.report import LoopReport, Row, report
from projections.actions.closing_the_loop.rules import COHORTS, LATENESS, P90, RULES

__all__ = [
    "COHORTS",
    "DIMENSIONS",
    "LATENESS",
    "P90",
    "RULES",
    "THEME",
    "ActionBehind",
    "Asking",
    "Behind",
    "LoopReport",
    "Question",
    "Row",
    "StandingOut",
    "Waiting",
    "behind",
    "last_raised",
    "masked",
    "needed",
    "report",
    "standing_out",
]
