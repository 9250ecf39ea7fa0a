"""The read rows of sampling frames."""
