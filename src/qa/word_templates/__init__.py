"""The Word file whose styles the council's documents are written in."""
