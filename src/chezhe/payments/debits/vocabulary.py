"""Mandates, orders and settlements in words and colours."""

from __future__ import annotations

from chezhe.payments.debits.states import DEBIT, MANDATE, SETTLEMENT
from chezhe.ui.status import Status

_MANDATE = {"active": "good", "suspended": "danger", "revoked": "neutral", "replaced": "neutral"}
MANDATE_STATUSES = {code: Status(label, _MANDATE[code]) for code, label in MANDATE.choices()}
_DEBIT = {"requested": "info", "sent": "progress", "collected": "good", "failed": "danger", "returned": "warning", "dropped": "neutral"}
DEBIT_STATUSES = {code: Status(label, _DEBIT[code]) for code, label in DEBIT.choices()}
DEBIT_TONES = _DEBIT
_SETTLEMENT = {"open": "info", "settled": "progress", "differs": "danger", "arrived": "good"}
SETTLEMENT_STATUSES = {code: Status(label, _SETTLEMENT[code]) for code, label in SETTLEMENT.choices()}
