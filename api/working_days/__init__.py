"""The working days of the council: page and API."""
