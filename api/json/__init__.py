"""The JSON API: the same commands and queries that the pages use, versioned under ``/api/v1``."""
