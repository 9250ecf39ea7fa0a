"""Audit tools and scales that come with Caseloop, as the YAML files a council can edit."""
