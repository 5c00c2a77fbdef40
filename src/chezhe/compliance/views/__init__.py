"""Pages of the compliance room."""

from chezhe.compliance.views.calendar import calendar_now, calendar_year, confirm_year, set_day
from chezhe.compliance.views.caps import caps, register
from chezhe.compliance.views.lender import decide_lender, lender, lender_change
from chezhe.compliance.views.parameters import changes, decide_parameter, parameter, parameter_change, parameters
from chezhe.compliance.views.people import block, consents, contact_outcome, contact_panel, contacts, lift_block, withdraw_consent

__all__ = [
    "block", "calendar_now", "calendar_year", "caps", "changes", "confirm_year", "consents", "contact_outcome", "contact_panel",
    "contacts", "decide_lender", "decide_parameter", "lender", "lender_change", "lift_block", "parameter", "parameter_change",
    "parameters", "register", "set_day", "withdraw_consent",
]
