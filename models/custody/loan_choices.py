"""What an item loan can say, and its paper: a register."""

from app.declaring import Paper
from models.keeping import kept

SHOWN = {
    "identity": ("身份证", "Identity card"),
    "owner_card": ("业主卡", "Owner's card"),
    "staff_card": ("工牌", "Staff card"),
    "other": ("其他证件", "Another document"),
}
BACK_AS = {
    "good": ("完好", "Good"),
    "damaged": ("损坏", "Damaged"),
    "incomplete": ("缺件", "Parts missing"),
}


GUIDE = (
    "物品和借用规定在“外借物品”里登记，逐件编号的在“编号物品”里登记，借出在“物品借用”里办。在库不够的、已借出的编号借不出第二次；"
    "损坏或遗失的转主管结清。",
    "What is lent, and how, stands in the lending stock, each piece in its register; it is lent here."
    " What isn't in stock can't be lent; damage and loss go to the supervisor to settle.",
)
PAPER = Paper(
    title=("物品借用登记表", "Register of item loans"),
    register=True,
    landscape=True,
    signs=(("借用人", "Borrower"), ("经办人", "Desk")),
    keep_years=kept("item_loan", 2),
    columns=(
        "number",
        "lent_at",
        "item",
        "piece",
        "quantity",
        "borrower",
        "unit",
        "phone",
        "purpose",
        "deposit",
        "due_back",
        "returned_at",
        "condition",
        "state",
    ),
)
