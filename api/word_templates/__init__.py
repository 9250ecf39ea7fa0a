"""The council's Word template: page, API, and the letterhead that documents are written under."""
