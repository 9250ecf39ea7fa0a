"""Lists as files: exactly what was on the screen, with the filter and position it came from."""
