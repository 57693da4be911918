"""The office's estate."""
