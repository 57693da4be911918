"""The office's own affairs."""
