"""The command line: one module a noun, each a typer app that `api.cli.main` puts together."""
