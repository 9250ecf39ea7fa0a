"""Whether an audit belongs to a figure on grades: to what it counts, and among how many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from projections.agreement.profile import DOMAIN
from qa.core.errors import NotFound

_DECIDED = ("upheld", "partly-upheld", "not-upheld")


@dataclass(frozen=True, slots=True)
class FigureCase:
    """What decides whether an audit belongs to a figure. Places count from the best grade."""

    in_base: bool
    in_pairs: bool
    grade: str | None
    moderated: str | None
    at: int | None
    moderated_at: int | None
    last: int
    met: bool
    blind: int | None
    dispute: str | None
    days: int | None

    @property
    def compared(self) -> bool:
        return self.in_pairs and self.at is not None and self.moderated_at is not None

    @property
    def steps(self) -> int:
        """Grades moved: above 0 is moderated up."""
        if not self.compared or self.at is None or self.moderated_at is None:
            return 0
        return self.at - self.moderated_at

    @property
    def agrees(self) -> bool:
        return self.compared and self.steps == 0

    @property
    def graded(self) -> bool:
        return self.in_base and self.at is not None


Rule = Callable[[FigureCase], tuple[bool, bool]]
"""Whether the denominator and whether the numerator holds the audit."""

_EXACT: Rule = lambda c: (c.compared, c.agrees)  # noqa: E731
_RULES: Mapping[str, Rule] = {
    "audits_submitted": lambda c: (c.in_base, c.in_base),
    "moderated": lambda c: (c.in_pairs, c.in_pairs),
    "moderation_coverage_rate": lambda c: (c.in_base, c.in_pairs),
    "moderation_agreement_rate": _EXACT,
    "within_one_rate": lambda c: (c.compared, c.compared and abs(c.steps) <= 1),
    "kappa": _EXACT,
    "kappa_linear": _EXACT,
    "kappa_quadratic": _EXACT,
    "ac1": _EXACT,
    "ac2": _EXACT,
    "alpha": _EXACT,
    "mean_shift": lambda c: (c.compared, c.steps != 0),
    "moderated_up": lambda c: (c.compared, c.steps > 0),
    "moderated_down": lambda c: (c.compared, c.steps < 0),
    "direction_sign_test": lambda c: (c.steps != 0, c.steps > 0),
    "days_to_moderation": lambda c: (c.in_pairs and c.days is not None,) * 2,
    "dispute_upheld_rate": lambda c: (
        c.in_pairs and c.dispute in _DECIDED,
        c.in_pairs and c.dispute == "upheld",
    ),
    "blind_agreement_rate": lambda c: (c.compared and c.blind == 1, c.agrees and c.blind == 1),
    "open_agreement_rate": lambda c: (c.compared and c.blind == 0, c.agrees and c.blind == 0),
    "graded": lambda c: (c.in_base, c.graded),
    "ri_or_better_rate": lambda c: (c.graded, c.graded and c.at != c.last),
    "inadequate_rate": lambda c: (c.graded, c.graded and c.at == c.last),
    "good_or_better_rate": lambda c: (c.graded, c.graded and c.met),
}


def rule_of(figure: str) -> Rule:
    """How a figure counts. Raises `NotFound` for a name that no report has."""
    if figure in _RULES:
        return _RULES[figure]
    kind, _, code = figure.partition("_")
    if kind == "auditor" and code:
        return lambda c: (c.in_base, c.in_base and c.grade == code)
    if kind == "moderator" and code:
        return lambda c: (c.compared, c.compared and c.moderated == code)
    if kind in ("grade", "share") and code:
        return lambda c: (c.graded, c.graded and c.grade == code)
    if kind == "pair":
        given, _, other = code.partition(":")
        return lambda c: (c.compared, c.compared and (c.grade, c.moderated) == (given, other))
    if figure.startswith(DOMAIN):
        return _RULES["good_or_better_rate"]
    raise NotFound("There is no such figure.")
