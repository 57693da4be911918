"""The office's service: repairs and complaints; and the scale both are rated on."""

from app.ground.language import lazy_gettext as _

RATINGS = {
    "5": _("Very satisfied"),
    "4": _("Satisfied"),
    "3": _("Fair"),
    "2": _("Unsatisfied"),
    "1": _("Very unsatisfied"),
}
CHANNELS = {
    "phone": _("Telephone"),
    "counter": _("Counter"),
    "visit": _("Visit"),
    "online": _("Online"),
    "patrol": _("Patrol"),
    "letter": _("Letter"),
}
