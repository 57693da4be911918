"""The engine's own capabilities, in the order in which they are told of a record: a number is given as late
as can be, since others wait for it.
"""

from app.act.balances import Balances
from app.act.search import Search
from app.act.submissions import Posts
from app.act.tally import Counts
from app.keep.capability import plug
from app.keep.deadlines import Deadlines
from app.keep.due_acts import DueActs
from app.keep.history import History
from app.keep.numbers import Numbers

plug(Deadlines(), Numbers(), History(), Balances(), Search(), Counts(), DueActs(), Posts())
