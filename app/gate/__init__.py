"""Who comes in: passwords, sign-in, the server; and the commands of whoever runs it."""
