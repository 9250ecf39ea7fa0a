"""A synthetic council to try Caseloop on: deterministic, clearly labelled, about nobody."""

from api.demo.build import build_demo, sign_ins

__all__ = ["build_demo", "sign_ins"]
