"""Every door that books: its route and the cases that compare its preview with what it posts. `tests/architecture` holds the list
against the code: a new door stands here, or among the exceptions there with its reason."""

from __future__ import annotations

from collections.abc import Callable

from chezhe.servicing.models import Loan
from chezhe.servicing.tests import doors_of_commission, doors_of_money, doors_of_months
from chezhe.servicing.tests.doors_of_money import Case
from chezhe.servicing.tests.lending import Bank

CASES: dict[str, Callable[[Bank, Loan], Case]] = {**doors_of_money.CASES, **doors_of_months.CASES, **doors_of_commission.CASES}
BAD: dict[str, Callable[[Bank, Loan], Case]] = {**doors_of_money.BAD, **doors_of_months.BAD, **doors_of_commission.BAD}

_LOAN = "servicing/loans/{number}"
ROUTES: dict[str, tuple[str, ...]] = {
    f"{_LOAN}/repayments": ("repayment", "repayment of an earlier day", "repayment found late"),
    f"{_LOAN}/prepayments": ("prepayment",),
    f"{_LOAN}/settlement": ("settlement",),
    f"{_LOAN}/deposits": ("deposit",),
    f"{_LOAN}/insurance-proceeds": ("insurance",),
    f"{_LOAN}/subsidies": ("subsidy",),
    f"{_LOAN}/refunds": ("refund",),
    f"{_LOAN}/fees": ("fee", "large fee"),
    f"{_LOAN}/waivers": ("waiver",),
    f"{_LOAN}/due-day-changes": ("due day",),
    f"{_LOAN}/holidays": ("holiday",),
    f"{_LOAN}/extensions": ("extension",),
    f"{_LOAN}/restructurings": ("restructuring",),
    f"{_LOAN}/rate-changes": ("rate change",),
    f"{_LOAN}/acceleration": ("acceleration",),
    f"{_LOAN}/write-off": ("write-off",),
    f"{_LOAN}/deposit-uses": ("deposit use",),
    f"{_LOAN}/deposit-returns": ("deposit return",),
    f"{_LOAN}/vehicle-releases": ("vehicle release",),
    f"{_LOAN}/events/{{event_id}}/reverse": ("reversal", "calling off", "reversal of what was registered"),
    "servicing/loan-changes/{number}/pay-refund": ("paying a refund",),
    "servicing/loan-changes/{number}/cancel-refund": ("cancelling a refund",),
    "servicing/bank-lines/{serial}/match": ("match",),
    "servicing/bank-files/{number}/post": ("bank file",),
    "servicing/taken-back-receipts": ("taken back",),
    "servicing/provisions/{number}/post": ("provision",),
    "servicing/provisions/{number}/reverse": ("provision taken back",),
    "servicing/vat-runs/{number}/post": ("VAT",),
    "servicing/vat-runs/{number}/reverse": ("VAT taken back",),
    "servicing/funding-runs": ("cost of funds",),
    "servicing/funding-runs/{number}/reverse": ("cost of funds taken back",),
    "servicing/subsidy-payments": ("treasury's payment",),
    "servicing/subsidy-payments/{entry}/reverse": ("treasury's payment taken back",),
    "servicing/commission-statements/{number}/approve": ("commission statement",),
    "servicing/commission-statements/{number}/reverse": ("commission statement taken back",),
    f"{_LOAN}/car-return": ("car returned",),
    f"{_LOAN}/undo-payout": ("payout undone",),
    "payments/reconciliation/merged-receipts": ("merging a receipt",),
    "payments/reconciliation/restored-receipts": ("restoring a receipt",),
}
ROUTE_OF = {name: route for route, names in ROUTES.items() for name in names}
