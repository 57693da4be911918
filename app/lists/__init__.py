"""Lists: columns, pages by key, what waits and what is late, paper."""
