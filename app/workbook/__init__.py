"""Reading and writing .xlsx, without records."""
