"""Who asks, and the line that their reading leaves in the access log."""
