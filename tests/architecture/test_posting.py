"""Every event of money has all its doors: an operation whose action leads to the ledger has a preview beside it, a case that compares the
two, a page that does the same, and a door that takes it back, or stands here with the reason why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from chezhe.kernel.action import REGISTRY
from chezhe.servicing.models import FOLDED_KINDS, NOT_REVERSIBLE, LoanEvent
from chezhe.servicing.tests.every_door import CASES, ROUTE_OF, ROUTES
from tests.architecture import house, reach
from tests.architecture.house import Module, dotted, report
from tests.architecture.test_api import _actions_called, _api_modules, _imported_actions, _operation_functions, _operations

# Into the books at once, or when those who are asked have agreed.
BOOKS = frozenset({
    *(f"chezhe.ledger.steps.{name}" for name in ("post", "post_all", "reverse", "propose")), "chezhe.servicing.changes.open_request",
})
# Doors that book and have no case of their own: why.
WITHOUT_CASE = {
    "ledger/manual-entries": "what is sent is the entry; the answer tells it before a second person posts it",
    "ledger/entries/{number}/reverse": "asks a second person for the mirror of the entry that it names, and the answer tells it",
    "contracts/contracts/{number}/upfront-fees": "compared in contracts/tests/test_costs.py, where a sheet is confirmed",
    "contracts/contracts/{number}/upfront-fees/{entry}/return": "compared in contracts/tests/test_costs.py, where a sheet is confirmed",
    "payments/bank-files": "asked with `dry_run` it tells every line and fault; each receipt goes into suspense whole",
    "payments/batches": "books nothing: a payout that is not let go fails instead of going into the file",
    "payments/batches/{number}/answer": "asked with `dry_run` it tells every line and whether it fits; each order is booked whole or not",
    "servicing/business-day": "the calendar's own entries of every loan that has one; nobody chooses them",
    "servicing/end-of-days/{day}/resume": "tries again what the close of the day would have booked by itself",
    "servicing/debits/{number}/orders/{order}/book-again": "compared in servicing/tests/test_debits_rebooking.py, where a channel collects",
    "takeover/books/{number}/fund": "compared in takeover/tests/test_doors.py, where a book is taken over",
}
# Of those that are compared elsewhere a preview is asked like of all others.
WITHOUT_PREVIEW = set(WITHOUT_CASE) - {
    "servicing/debits/{number}/orders/{order}/book-again", "takeover/books/{number}/fund", "contracts/contracts/{number}/upfront-fees",
    "contracts/contracts/{number}/upfront-fees/{entry}/return",
}

# Booked by a program or by the worker, and by no page.
WITHOUT_PAGE = {"servicing.open_business_day": "all at once, for a program; people close a day by its shards, on the page of its steps"}
_LOAN, _EVENT = "servicing/loans/{number}", "servicing/loans/{number}/events/{event_id}/reverse"
# Which door takes back what another one has booked.
TAKEN_BACK_BY = {
    **{f"{_LOAN}/{what}": _EVENT for what in (
        "repayments", "prepayments", "settlement", "deposits", "insurance-proceeds", "subsidies", "fees", "waivers", "due-day-changes",
        "holidays", "extensions", "restructurings", "rate-changes", "acceleration", "write-off", "deposit-uses", "vehicle-releases",
    )},
    "servicing/bank-files/{number}/post": _EVENT,
    "servicing/bank-lines/{serial}/match": _EVENT,
    "servicing/debits/{number}/orders/{order}/book-again": _EVENT,
    f"{_LOAN}/refunds": "servicing/loan-changes/{number}/cancel-refund",
    f"{_LOAN}/deposit-returns": "servicing/loan-changes/{number}/cancel-refund",
    "servicing/provisions/{number}/post": "servicing/provisions/{number}/reverse",
    "servicing/vat-runs/{number}/post": "servicing/vat-runs/{number}/reverse",
    "servicing/funding-runs": "servicing/funding-runs/{number}/reverse",
    "servicing/subsidy-payments": "servicing/subsidy-payments/{entry}/reverse",
    "servicing/commission-statements/{number}/approve": "servicing/commission-statements/{number}/reverse",
    "contracts/contracts/{number}/upfront-fees": "contracts/contracts/{number}/upfront-fees/{entry}/return",
    "ledger/manual-entries": "ledger/entries/{number}/reverse",
    "payments/bank-files": "servicing/taken-back-receipts",
    "payments/reconciliation/merged-receipts": "payments/reconciliation/restored-receipts",
}
_CALENDAR = "the calendar's own entries; what was wrong in a loan's life is reversed there, and its days are lived again"
NOT_TAKEN_BACK = {
    "payments/batches": "books nothing: what was not to go is refused before the file is made",
    "payments/batches/{number}/answer": "the bank has said it; money that comes back is told as a payout returned",
    "servicing/business-day": _CALENDAR, "servicing/end-of-days/{day}/resume": _CALENDAR,
    f"{_LOAN}/undo-payout": "takes a payout back itself, and the contract is void: whoever is to have the money after all signs anew",
    f"{_LOAN}/car-return": "the dealer owes its commission back; a return that was recorded in error has no door back yet",
    "takeover/books/{number}/fund": "moves the clearing to a source; a manual entry moves it on to the right one",
}
# Events of a loan that the door of reversals refuses: who undoes them, or why nobody does.
UNDONE_OTHERWISE = {
    "refunded": "servicing.cancel_refund", "refund_paid": "servicing.settle_refund", "held": "servicing.resume_loan",
    "resumed": "servicing.hold_loan",
    "undone": "there is no loan any more", "paid_out": "servicing.undo_payout",
    "aged": "the calendar's own", "off_book": "the calendar's own",
    "reversed": "is one itself", "taken_over": "the other system's word", "paid_before": "the other system's word",
}


def test_whatever_books_is_shown_before_and_compared_afterwards() -> None:
    listed = set(ROUTES) | set(WITHOUT_CASE)
    findings = [f"{route} books ({action}) and is on no list" for route, action in sorted(_posting().items()) if route not in listed]
    findings += [f"{route} is on the list of exceptions and books nothing" for route in sorted(set(WITHOUT_CASE) - set(_posting()))]
    findings += [f"{route} is on both lists" for route in sorted(set(ROUTES) & set(WITHOUT_CASE))]
    assert len(_posting()) > 30 and not findings, report(findings)


def test_every_door_that_books_has_a_preview_beside_it() -> None:
    known = {label for label, _operation in _operations()}
    findings = [
        f"{route} has no preview" for route in sorted({*ROUTES, *_posting()} - WITHOUT_PREVIEW)
        if f"POST /api/v1/{route}/preview" not in known
    ]
    assert not findings, report(findings)


def test_every_case_is_of_one_route_that_exists() -> None:
    known = {label for label, _operation in _operations()}
    assert set(ROUTE_OF) == set(CASES)
    assert sorted(route for route in ROUTES if f"POST /api/v1/{route}" not in known) == []


def test_whatever_books_has_a_page() -> None:
    on_pages = {name for module in house.product() if module.kind == "views" for name in _imported_actions(module.tree).values()}
    booking = set(_posting().values())
    findings = [f"{name} books and no page does it" for name in sorted(booking - on_pages - set(WITHOUT_PAGE))]
    findings += [f"{name} is on the list and has a page, or books nothing" for name in sorted(set(WITHOUT_PAGE) - (booking - on_pages))]
    assert len(booking & on_pages) > 30 and not findings, report(findings)


def test_whatever_books_is_taken_back_by_a_door_or_says_why_not() -> None:
    booking, backs = set(_posting()), set(TAKEN_BACK_BY.values())
    said = set(TAKEN_BACK_BY) | set(NOT_TAKEN_BACK) | backs
    findings = [f"{route} books, and nothing says what takes it back" for route in sorted(booking - said)]
    findings += [f"{route} is named and books nothing" for route in sorted(said - booking)]
    findings += [f"{route} is taken back, and the list says it is not" for route in sorted(set(NOT_TAKEN_BACK) & {*TAKEN_BACK_BY, *backs})]
    assert not findings, report(findings)


def test_every_kind_of_event_is_reversed_or_undone_otherwise() -> None:
    """A new kind of event is reversible by itself; one that is not says who undoes it."""
    kinds = {kind for kind, _label in LoanEvent.KINDS}
    left = {kind for kind in kinds if kind not in FOLDED_KINDS or kind in NOT_REVERSIBLE}
    findings = [f"{kind} is not reversible, and nothing says who undoes it" for kind in sorted(left - set(UNDONE_OTHERWISE))]
    findings += [f"{kind} is reversed like others, or is no kind" for kind in sorted(set(UNDONE_OTHERWISE) - left)]
    findings += [f"{who} is no action" for who in UNDONE_OTHERWISE.values() if who.startswith("servicing.") and who not in REGISTRY]
    assert len(kinds - left) > 12 and not findings, report(findings)


@cache
def _posting() -> dict[str, str]:
    """Route → the action by which it leads into the books."""
    return {
        route: name for module in _api_modules() for route, called in _routes(module) for name in sorted(called)
        if reach.reaches(_place(name), BOOKS)
    }


def _routes(module: Module) -> Iterator[tuple[str, set[str]]]:
    """The routes that are posted to, with the actions behind each."""
    for node in _operation_functions(module):
        marks = [mark for mark in node.decorator_list if isinstance(mark, ast.Call) and dotted(mark.func) == "router.post"]
        for mark in marks:
            path = mark.args[0]
            if isinstance(path, ast.Constant) and isinstance(path.value, str):
                yield f"{module.room}{path.value}", _actions_called(module, [node.name])


def _place(action: str) -> str:
    room, _, name = action.partition(".")
    return f"chezhe.{room}.actions.{name}.{name}"
