"""The server-rendered pages: routes, form models, templates and the built assets they need."""
