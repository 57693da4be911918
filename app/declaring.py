"""The one door for whoever declares a form: all that a declaration is written with, and what its rules and
effects ask of the engine.
"""

from app.act import acts as acts  # what the office does by itself
from app.act import ledgers as ledgers  # plugged in
from app.act import links, saving
from app.declare import fields, filters, kinds, units
from app.declare.acts import act
from app.declare.balances import Balance, posts
from app.declare.becoming import becomes
from app.declare.cadence import every
from app.declare.calls import Call
from app.declare.checks import Check
from app.declare.conditions import not_
from app.declare.duties import Access, By, Holder, clause, role
from app.declare.figure import figure
from app.declare.flow import flow, regulation
from app.declare.form import Form, Paper, States, closed, deadline, done, moving, step, waiting
from app.declare.guards import guard, needed_when, not_ahead, not_before, some_photo
from app.declare.handed_on import Held
from app.declare.ledger import Ledger, on
from app.declare.part import DAILY, STOCK, part
from app.declare.person import SYSTEM, Person
from app.declare.record import Columns, Facts, Line, OneEach, Record, Wrong, registry
from app.declare.scanned import Scanned
from app.declare.setting import Setting, setting
from app.ground import clock, working_time
from app.ground.database import db, writing
from app.ground.upkeep import chore
from app.ground.words import say
from app.keep import deadlines
from app.lists import handing_on
from app.people import access
from app.people import setting_values as setting_values  # a table of its own
from app.people.users import Area, Office, User, offer_roles

__all__ = [
    "DAILY",
    "STOCK",
    "SYSTEM",
    "Access",
    "Area",
    "Balance",
    "By",
    "Call",
    "Check",
    "Columns",
    "Facts",
    "Form",
    "Held",
    "Holder",
    "Ledger",
    "Line",
    "Office",
    "OneEach",
    "Paper",
    "Person",
    "Record",
    "Scanned",
    "Setting",
    "States",
    "User",
    "Wrong",
    "access",
    "act",
    "becomes",
    "chore",
    "clause",
    "clock",
    "closed",
    "db",
    "deadline",
    "deadlines",
    "done",
    "every",
    "fields",
    "figure",
    "filters",
    "flow",
    "guard",
    "handing_on",
    "kinds",
    "links",
    "moving",
    "needed_when",
    "not_",
    "not_ahead",
    "not_before",
    "offer_roles",
    "on",
    "part",
    "posts",
    "registry",
    "regulation",
    "role",
    "saving",
    "say",
    "setting",
    "some_photo",
    "step",
    "units",
    "waiting",
    "working_time",
    "writing",
]
