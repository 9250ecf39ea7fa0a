"""``python -m api.cli …`` is ``caseloop …``."""

from api.cli.app import main

main()
