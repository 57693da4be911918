"""What changes a record, and what goes with it in the same transaction."""
