"""Who may do what: users and their areas, rights, the judging of every access."""
