"""The office's premises: flats that stand empty."""
