"""A synthetic council to try Caseloop on: deterministic, clearly labelled, about nobody."""
