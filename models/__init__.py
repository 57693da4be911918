"""The handbook: what this office's forms, people, money and duties are. One file a form."""

from models import duties as duties
from models import flows as flows
from models.custody import item as item
from models.custody import item_loan as item_loan
from models.custody import item_piece as item_piece
from models.custody import key as key
from models.custody import key_loan as key_loan
from models.custody import release_slip as release_slip
from models.custody import storage as storage
from models.estate import building as building
from models.estate import customer as customer
from models.estate import owner_register as owner_register
from models.estate import register_import as register_import
from models.estate import unit as unit
from models.office import duty_log as duty_log
from models.office import shift as shift
from models.premises import extra_round as extra_round
from models.premises import vacancy_change as vacancy_change
from models.premises import vacancy_ledger as vacancy_ledger
from models.service import communication_record as communication_record
from models.service import complaint as complaint
from models.service import interview as interview
from models.service import violation as violation
from models.service import work_order as work_order

MIGRATIONS = __path__[0] + "/migrations"
