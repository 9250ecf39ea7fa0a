"""Copies of published reports for outside the council: the rule, the pages, API and command."""
