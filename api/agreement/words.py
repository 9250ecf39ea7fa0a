"""What every figure is called, and by which rule it counts audits, in plain words."""

from __future__ import annotations

from collections.abc import Mapping

_COMPARED = "every audit with two grades to compare: the auditor’s and a moderator’s"
_SAME = (_COMPARED, "those where the moderator gave the same grade")
_GRADED = "every audit with a grade"

NAMES: Mapping[str, str] = {
    "audits_submitted": "Audits",
    "moderated": "Moderated audits",
    "moderation_coverage_rate": "Share of audits that were moderated",
    "moderation_agreement_rate": "Moderators who gave the same grade",
    "within_one_rate": "Moderators who gave the same or the next grade",
    "kappa": "Cohen’s kappa",
    "kappa_linear": "Kappa with linear weights",
    "kappa_quadratic": "Kappa with quadratic weights",
    "ac1": "Gwet’s AC1",
    "ac2": "Gwet’s AC2 for ordered grades",
    "alpha": "Krippendorff’s alpha for ordered grades",
    "mean_shift": "Mean shift at moderation, in grades",
    "moderated_up": "Moderated up",
    "moderated_down": "Moderated down",
    "direction_sign_test": "p-value (sign test)",
    "days_to_moderation": "Median time from submission to moderation",
    "dispute_upheld_rate": "Share of decided disputes that were upheld",
    "blind_agreement_rate": "Same grade, blind moderations",
    "open_agreement_rate": "Same grade, open moderations",
    "graded": "Graded audits",
    "ri_or_better_rate": "Better than the lowest grade",
    "inadequate_rate": "The lowest grade",
    "good_or_better_rate": "Good or better",
}

RULES: Mapping[str, tuple[str, str]] = {
    "audits_submitted": ("every submitted audit that stands", "all of them"),
    "moderated": ("every audit with a completed moderation", "all of them"),
    "moderation_coverage_rate": (
        "every submitted audit that stands",
        "those with a completed moderation",
    ),
    "moderation_agreement_rate": _SAME,
    "within_one_rate": (
        _COMPARED,
        "those where the moderator gave the same grade or the one next to it",
    ),
    **dict.fromkeys(("kappa", "kappa_linear", "kappa_quadratic", "ac1", "ac2", "alpha"), _SAME),
    "mean_shift": (_COMPARED, "those where the moderator gave another grade"),
    "moderated_up": (_COMPARED, "those where the moderator gave a better grade"),
    "moderated_down": (_COMPARED, "those where the moderator gave a worse grade"),
    "direction_sign_test": (
        "every audit where the moderator gave another grade",
        "those where it was a better one",
    ),
    "days_to_moderation": (
        "every completed moderation of an audit whose day of submission is known",
        "all of them",
    ),
    "dispute_upheld_rate": (
        "every moderation whose dispute was decided",
        "those upheld in full",
    ),
    "blind_agreement_rate": (
        f"{_COMPARED}, where the moderator had not seen the auditor’s",
        "those where the moderator gave the same grade",
    ),
    "open_agreement_rate": (
        f"{_COMPARED}, where the moderator had seen the auditor’s",
        "those where the moderator gave the same grade",
    ),
    "graded": ("every submitted audit that stands", "those with a grade"),
    "ri_or_better_rate": (_GRADED, "those graded better than the lowest grade"),
    "inadequate_rate": (_GRADED, "those with the lowest grade of the scale"),
    "good_or_better_rate": (_GRADED, "those graded good or better"),
}


def named(figure: str, domains: Mapping[str, str], grades: Mapping[str, str]) -> str:
    """What a figure is called."""
    if figure in NAMES:
        return NAMES[figure]
    domain = figure.partition(".")[2]
    if domain:
        return f"Good or better: {domains.get(domain, domain)}"
    kind, _, code = figure.partition("_")
    if kind == "pair":
        given, _, other = code.partition(":")
        return f"{grades.get(given, given)}, and {grades.get(other, other)} by the moderator"
    grade = grades.get(code, code)
    labels = {"moderator": f"Moderator’s grade: {grade}", "auditor": f"Auditor’s grade: {grade}"}
    return labels.get(kind, f"Graded {grade}")


def rule(figure: str, grades: Mapping[str, str]) -> tuple[str, str]:
    """What the denominator of a figure counts, and what of that its numerator counts."""
    if figure in RULES:
        return RULES[figure]
    if figure.startswith("domain_good_rate."):
        return "every audit with a grade in this domain", "those graded good or better in it"
    kind, _, code = figure.partition("_")
    if kind == "pair":
        given, _, other = code.partition(":")
        words = f"that the auditor graded {grades.get(given, given)} and the moderator"
        return _COMPARED, f"those {words} {grades.get(other, other)}"
    grade = grades.get(code, code)
    if kind == "moderator":
        return _COMPARED, f"those that the moderator graded {grade}"
    if kind == "auditor":
        return "every submitted audit that stands", f"those that the auditor graded {grade}"
    return _GRADED, f"those graded {grade}"
