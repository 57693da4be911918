"""Workbooks of records, out and in, and their commands."""
