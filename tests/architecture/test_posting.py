"""Every door that books shows first what it would book: an operation whose action leads to the ledger has a preview beside it, and a
case that compares the two, or stands here with the reason why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from chezhe.servicing.tests.every_door import CASES, ROUTE_OF, ROUTES
from tests.architecture import reach
from tests.architecture.house import Module, dotted, report
from tests.architecture.test_api import _actions_called, _api_modules, _operation_functions, _operations

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
