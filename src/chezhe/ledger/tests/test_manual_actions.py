"""The verbs of the ledger, called as the doors call them."""

from datetime import date

import pytest

from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU, actor
from chezhe.ledger import chart, steps
from chezhe.ledger.actions.open_account import GroupFull, open_account
from chezhe.ledger.actions.post_manual_entry import post_manual_entry
from chezhe.ledger.actions.retire_account import AccountNotEmpty, AccountShipped, retire_account
from chezhe.ledger.actions.reverse_entry import BookedByBusiness, reverse_entry
from chezhe.ledger.models import MANUAL, Account, JournalEntry, ManualEntry

pytestmark = pytest.mark.django_db

DAY = date(2026, 4, 2)
CAPITAL = (Transfer(chart.BANK, chart.CAPITAL, 500),)


@pytest.fixture
def clerk():
    business_date.open_day(DAY)
    return actor("财务", roles.FINANCE)


def test_a_proposal_waits_and_books_nothing(clerk) -> None:
    manual = post_manual_entry(posted_on=DAY, memo="注资", transfers=CAPITAL, business_date=DAY, by=clerk)
    assert manual.status == "proposed" and manual.approval_number
    assert not JournalEntry.objects.exists()
    assert AuditEntry.objects.get(verb="ledger.post_manual_entry").subject == manual.subject


def test_a_proposal_is_refused_for_what_would_refuse_the_posting(clerk) -> None:
    mixed = (Transfer(chart.BANK, chart.OFF_BOOK_INTEREST, 5),)
    for change, refusal in (
        ({"transfers": mixed}, steps.MixesBooks), ({"transfers": ()}, Invalid), ({"memo": " "}, Invalid),
        ({"posted_on": date(2026, 4, 3)}, Invalid), ({"transfers": (Transfer("9", chart.BANK, 5),)}, steps.UnknownAccount),
    ):
        given = {"posted_on": DAY, "memo": "注资", "transfers": CAPITAL, **change}
        with pytest.raises(refusal):
            post_manual_entry(**given, business_date=DAY, by=clerk)
    with pytest.raises(NotPermitted):
        post_manual_entry(posted_on=DAY, memo="注资", transfers=CAPITAL, business_date=DAY, by=WU)
    assert not ManualEntry.objects.exists()


def test_a_manual_entry_is_reversed_once_by_two_and_a_business_entry_never(clerk) -> None:
    manual = steps.post(event=MANUAL, reference="m", transfers=CAPITAL, on=DAY, by=SYSTEM)
    business = steps.post(event="payout", reference="p", transfers=CAPITAL, on=DAY, by=SYSTEM)

    def take_back(number: str, reason: str = "重复", on: date = DAY) -> ManualEntry:
        return reverse_entry(entry_number=number, on=on, reason=reason, business_date=DAY, by=clerk)

    proposed = take_back(manual.number)
    assert proposed.status == "proposed" and not JournalEntry.objects.filter(reverses=manual).exists()
    with pytest.raises(steps.ReversalWaits):
        take_back(manual.number, "又来")
    reversal = steps.settle_manual_entry(proposed.subject, "approved", SYSTEM).entry
    assert reversal.reverses == manual and reversal.memo == "重复"
    with pytest.raises(steps.AlreadyReversed):
        take_back(manual.number, "又来")
    with pytest.raises(steps.ReversalOfReversal):
        take_back(reversal.number)
    with pytest.raises(BookedByBusiness):
        take_back(business.number)
    for wrong in ({"reason": " "}, {"on": date(2026, 4, 3)}):
        with pytest.raises(Invalid):
            take_back(manual.number, **wrong)
    with pytest.raises(NotFound):
        take_back("J26-999999-0")


def test_sub_accounts_number_themselves_and_take_after_their_group(clerk) -> None:
    account = open_account(group_code="1002", name="备付户", english="Reserve", by=clerk)
    assert (account.code, account.kind, account.side, account.english) == ("1002.03", "asset", "debit", "reserve")
    for wrong in ({"group_code": "1001"}, {"name": "备付户"}, {"english": "RESERVE"}, {"name": "x"}):
        with pytest.raises(Invalid):
            open_account(**{"group_code": "1002", "name": "另一户", "english": "other", **wrong}, by=clerk)
    Account.objects.filter(code="1002.03").update(code="1002.99")
    with pytest.raises(GroupFull):
        open_account(group_code="1002", name="另一户", english="other", by=clerk)


def test_only_an_added_account_with_nothing_on_it_is_retired(clerk) -> None:
    account = open_account(group_code="1002", name="备付户", english="reserve", by=clerk)
    steps.post(event="x", reference="x", transfers=[Transfer(account.code, chart.CAPITAL, 5)], on=DAY, by=SYSTEM)
    with pytest.raises(AccountNotEmpty, match="0.05"):
        retire_account(account_code=account.code, reason="销户", by=clerk)
    steps.reverse(reference="x", on=DAY, reason="x", by=SYSTEM)
    assert not retire_account(account_code=account.code, reason="销户", by=clerk).is_active
    with pytest.raises(AccountShipped):
        retire_account(account_code=chart.BANK, reason="销户", by=clerk)
    with pytest.raises(NotFound):
        retire_account(account_code="9999", reason="销户", by=clerk)
