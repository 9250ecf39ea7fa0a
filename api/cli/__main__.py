"""``python -m api.cli …`` is ``caseloop …``."""

from api.cli import main

main()
