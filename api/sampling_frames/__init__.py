"""The sampling frames: read from published lists and plain files, shown, given back."""
