"""What goes into every pack as it is, for people who have only the pack: the two verifiers."""
