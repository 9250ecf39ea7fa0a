"""The read rows of copies for outside the council."""
