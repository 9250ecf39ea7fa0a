"""The read rows of the working days."""
