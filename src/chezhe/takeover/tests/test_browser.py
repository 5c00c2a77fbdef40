"""A book comes with the mouse in a real Chromium; its pages and those of its loans are silent and accessible."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random

from django.test import override_settings
from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.documents.tests.people import hire
from chezhe.kernel import jobs, roles
from chezhe.kernel.actor import Reach
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, make_bank
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.models import Takeover
from chezhe.takeover.tests.bringing import submitted, tried, work
from chezhe.takeover.tests.old_books import OldBook, add_loan, many
from chezhe.ui.tests.browser import Window, WithoutSignIn, browser_marks

EVE = START - timedelta(days=1)
pytestmark = browser_marks


class BooksInChromium(WithoutSignIn):
    def test_a_book_comes_in_a_real_browser(self) -> None:
        parameters.sow()
        bank = make_bank()
        jin = hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL)
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with override_settings(MEDIA_ROOT=Path(folder)), self.window(by=bank.fang) as fang:
            fang.go(reverse("takeover:books")).judge("books-empty")
            fang.fill(title="东风租赁旧系统", as_of=EVE.isoformat()).press("发起").sees("收集文件").judge("collecting")
            _faulty = _a_book_with_faults()
            fang.go(reverse("takeover:book", args=[tried(_faulty, bank.fang, as_of=EVE).number])).judge("faulty")
            fang.go(reverse("takeover:faults", args=[Takeover.objects.get(status="faulty").number])).judge("faults")
            waiting = tried(_a_good_book(2), bank.fang, as_of=EVE)
            fang.go(reverse("takeover:book", args=[waiting.number])).judge("totals")
            fang.fill(count_0="3", principal_0="1", interest_0="0", fee_0="0", penalty_0="0", unapplied_0="0", deposit_0="0").press("核对")
            fang.sees("与文件不一致").judge("differs")
            done = submitted(_a_good_book(1), bank.fang, as_of=EVE)
        with override_settings(MEDIA_ROOT=Path(folder)), self.window(by=jin) as second:
            second.go(reverse("takeover:book", args=[done.number])).judge("to-approve")
            with jobs.in_line():
                approve_book(takeover_number=done.number, by=jin)
                second.go(reverse("takeover:book", args=[done.number])).judge("taking")
                work()
            _the_pages_are_silent_and_accessible(second, done.number)


def _a_book_with_faults() -> OldBook:
    book = many(6, as_of=EVE, seed=9)
    book.loans[0]["branch"], book.loans[1]["principal_left"] = "NOPE", "1.00"
    book.customers[2]["paper"], book.customers[3]["card"] = "110101199003070813", "6222020200012345671"
    book.customers[5]["paper"] = book.customers[4]["paper"]
    return book


def _a_good_book(seed: int) -> OldBook:
    book, rng = OldBook(), Random(seed)
    add_loan(book, 10 * seed + 1, rng, as_of=EVE, unpaid=2, penalty_fen=1250, compound_fen=410, mortgage_office="上海车管所",
             mortgage_receipt="D123", mortgage_on="2025-01-14")
    add_loan(book, 10 * seed + 2, rng, as_of=EVE, unapplied_fen=10_000)
    add_loan(book, 10 * seed + 3, rng, as_of=EVE, principal="80000.00")
    return book


def _the_pages_are_silent_and_accessible(window: Window, number: str) -> None:
    loan = Loan.objects.order_by("pk")[0]
    addresses = {
        "books": reverse("takeover:books"), "taken": reverse("takeover:book", args=[number]),
        "reconciled": reverse("takeover:loans", args=[number]), "loan": reverse("servicing:loan", args=[loan.number]),
        "loan-events": reverse("servicing:loan", args=[loan.number]) + "?tab=events",
        "loan-track": reverse("servicing:loan", args=[loan.number]) + "?tab=track",
        "loan-journal": reverse("servicing:loan", args=[loan.number]) + "?tab=journal",
        "loan-quality": reverse("servicing:loan", args=[loan.number]) + "?tab=quality",
        "contract": reverse("contracts:contract", args=[loan.contract.number]),
        "customer": reverse("customers:customer", args=[loan.customer.number]) + "?tab=loans",
    }
    for name, address in addresses.items():
        window.go(address).judge(f"takeover-{name}")
