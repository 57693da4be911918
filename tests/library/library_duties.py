"""Who works in a lending library, and what for."""

from app.declaring import clause, part, role

LIBRARY = part("library", "图书馆", "Library", 1)
LIBRARIAN = role("librarian", ("馆长", "Librarian"), "office")
CLERK = role("clerk", ("馆员", "Clerk"), "area")
L1 = clause("L1", LIBRARIAN, ("对馆藏负责", "Answer for the stock"))
C1 = clause("C1", CLERK, ("借出和收回图书", "Lend and take back books"))
