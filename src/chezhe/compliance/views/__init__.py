"""Pages of the compliance room."""

from chezhe.compliance.views.calendar import calendar_now, calendar_year, confirm_year, set_day
from chezhe.compliance.views.caps import caps, register
from chezhe.compliance.views.lender import decide_lender, lender, lender_change
from chezhe.compliance.views.parameters import changes, decide_parameter, parameter, parameter_change, parameters
from chezhe.compliance.views.people import block, consents, contact_outcome, contact_panel, contacts, lift_block, withdraw_consent
from chezhe.compliance.views.voices import answer, close, complaint, complaints, complaints_of, ratings

__all__ = [
    "answer", "block", "calendar_now", "calendar_year", "caps", "changes", "close", "complaint", "complaints", "complaints_of",
    "confirm_year", "consents", "contact_outcome", "contact_panel", "contacts", "decide_lender", "decide_parameter", "lender",
    "lender_change", "lift_block", "parameter", "parameter_change", "parameters", "ratings", "register", "set_day", "withdraw_consent",
]
