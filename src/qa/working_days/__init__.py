"""The days on which nobody works: closure days of the council and newly proclaimed holidays."""
