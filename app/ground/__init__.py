"""What everything stands on: clock, language, text, settings, the database. Knows no records."""
