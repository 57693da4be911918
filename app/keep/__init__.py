"""What is kept of records: numbers, history, attachments, deadlines."""
