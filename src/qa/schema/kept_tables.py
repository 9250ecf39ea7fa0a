"""The register of every table that cannot be rebuilt from the log: what upgrades migrate.

A table is defined where it is used, over this one `MetaData`. How it is made and changed stands
apart from that, in the revisions of `qa.schema.versions`; a test holds the two together.
"""

from __future__ import annotations

from sqlalchemy import MetaData

kept_tables = MetaData()
