"""What of a published report goes outside the council: the rule of small numbers, and each copy."""
