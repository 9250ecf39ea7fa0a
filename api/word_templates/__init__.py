"""The council's Word template: page, API, and what is kept of a file."""
