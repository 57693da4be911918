"""The office's custody."""
