"""Spreadsheets brought in from elsewhere: read, mapped, checked, and planned. No database here."""
