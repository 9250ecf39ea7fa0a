"""What the fields of the steps of reminders are called, in forms and in history."""

LABELS = {
    "soon_days": "Working days before the due date at which the owner is reminded (0: not)",
    "on_the_day": "Remind the owner on the day itself",
    "late_days": "Working days late at which the owner is reminded again",
    "manager_days": "Working days late at which the line manager is told",
    "head_days": "Working days late at which the head of service and the QA leads are told",
    "most": "Most reminders of one thing to one person",
}
