"""The read rows of the council's Word templates."""
