"""What happens at once: who takes money back and who posts a file lock the same rows in the same order, and a slip counts once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from time import sleep

import pytest
from django.db import connection, transaction

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.testing import moment
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import BankLine, TallyItem
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.take_back_receipt import take_back_receipt
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank, pay
from chezhe.servicing.tests.test_bank_files import DAY, HEAD
from chezhe.servicing.tests.test_life import agrees
from chezhe.servicing.tests.test_taking_back import taken_back

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_SECONDS = 60


class _Clerk(threading.Thread):
    """Does one thing in a connection of its own; what refused it is kept."""

    def __init__(self, work: Callable[[], object]) -> None:
        super().__init__()
        self._work, self.refusal = work, ""

    def run(self) -> None:
        try:
            with clock.at(moment("2026-01-15 10:00")):
                self._work()
        except BusinessError as refusal:
            self.refusal = refusal.code
        finally:
            connection.close()


def _one_after_another(*clerks: _Clerk) -> None:
    """Each begins when the one before it waits for a lock."""
    for count, clerk in enumerate(clerks, start=1):
        clerk.start()
        while clerk.is_alive() and _waiting() < count:
            sleep(0.01)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction else sees who waited when it first asked
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("how", ["the bank takes it back", "a clerk reverses it"])
def test_taking_back_beside_the_posting_of_its_file(how: str) -> None:
    bank = make_bank()
    loan = lend(bank)
    days_pass(bank, DAY)
    event = pay(bank, loan, "3321.43", DAY)
    rows = "".join(f"2026-02-15,{yuan},{serial},王建国,,还款 {loan.number}\n" for yuan, serial in (("3321.43", "S1"), ("100.00", "S2")))
    file = import_bank_file(content=(HEAD + rows).encode(), name="二月.csv", by=bank.fang).file
    tally = taken_back(bank, "S1", "3321.43")
    back = _Clerk(lambda: take_back_receipt(tally_number=tally.number, bank_serial="S1", reason="银行冲回", by=bank.fang))
    if how == "a clerk reverses it":
        back = _Clerk(lambda: reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="记错", by=bank.fang))
    post = _Clerk(lambda: post_bank_file(file_number=file.number, by=bank.fang))
    with transaction.atomic():
        Loan.objects.lock(loan.number)
        _one_after_another(back, post)
    for clerk in (back, post):
        clerk.join(PATIENCE_SECONDS)
    assert (back.refusal, post.refusal) == ("", "")
    assert agrees(loan) and loan.events.get(kind="repaid", reference="bank-line/S2").amount.fen == 10_000
    assert BankLine.objects.get(bank_serial="S1").status == ("returned" if how == "the bank takes it back" else "matched")


def test_a_line_that_is_being_posted_can_be_reconciled_meanwhile() -> None:
    bank = make_bank()
    days_pass(bank, DAY)
    import_bank_file(content=(HEAD + "2026-02-15,50.00,S9,某人,,房租\n").encode(), name="二月.csv", by=bank.fang)
    clerk = _Clerk(lambda: reconcile_accounts(by=bank.fang))
    with transaction.atomic():
        BankLine.objects.lock("S9")
        clerk.start()
        clerk.join(PATIENCE_SECONDS)
        assert not clerk.is_alive() and clerk.refusal == ""
    assert TallyItem.objects.filter(bank_line__bank_serial="S9").exists()


@pytest.mark.parametrize("is_kept", [True, False])
def test_one_slip_for_two_loans_at_once_counts_for_the_first_that_stays(is_kept: bool) -> None:
    bank = make_bank()
    mine, other = lend(bank), lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456")
    days_pass(bank, DAY)
    clerk = _Clerk(lambda: pay(bank, other, "100.00", DAY, "S7"))
    with transaction.atomic():
        pay(bank, mine, "100.00", DAY, "S7")
        _one_after_another(clerk)
        transaction.set_rollback(not is_kept)
    clerk.join(PATIENCE_SECONDS)
    assert clerk.refusal == ("receipt_reference_taken" if is_kept else "")
    assert [loan.events.filter(kind="repaid").count() for loan in (mine, other)] == [is_kept, not is_kept]
    for loan in (mine, other):
        loan.refresh_from_db()
        assert agrees(loan)


# ---- a clerk registers a transfer in the moment in which the bank's file tells it -------------------------------


def _two(bank: Bank) -> tuple[Loan, Loan]:
    loans = lend(bank), lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456")
    days_pass(bank, DAY)
    return loans


def _tell(bank: Bank, *told: tuple[str, Loan | None]) -> str:
    """The bank's file with 100.00 under each serial, naming a loan or none; its number."""
    rows = "".join(f"2026-02-15,100.00,{serial},王建国,,{f'还款 {loan.number}' if loan else '货款'}\n" for serial, loan in told)
    return import_bank_file(content=(HEAD + rows).encode(), name="二月.csv", by=bank.fang).file.number


def _booked_once(*loans: Loan) -> Counter[str]:
    """The bank account has every receipt of 100.00 once and nothing waits; how many each loan got, by number."""
    events = LoanEvent.objects.filter(kind="repaid", reversal=None)
    got = Counter(events.values_list("loan__number", flat=True))
    assert ledger_queries.balance(chart.BANK) == Money(10_000 * got.total()) and not ledger_queries.balance(chart.SUSPENSE)
    for loan in loans:
        loan.refresh_from_db()
        assert agrees(loan)
    return got


@pytest.mark.parametrize("is_kept", [True, False])
@pytest.mark.parametrize("names", ["the same loan", "another loan", "no loan"])
def test_a_file_posted_while_a_clerk_registers_its_line_books_it_once(names: str, is_kept: bool) -> None:
    bank = make_bank()
    mine, other = _two(bank)
    named = {"the same loan": mine, "another loan": other, "no loan": None}[names]
    post = _Clerk(lambda: post_bank_file(file_number=_tell(bank, ("S1", named)), by=bank.fang))
    with transaction.atomic():
        pay(bank, mine, "100.00", DAY, "S1")
        _one_after_another(post)
        transaction.set_rollback(not is_kept)
    post.join(PATIENCE_SECONDS)
    line = BankLine.objects.get()
    if is_kept or named:
        getter = mine if is_kept else named
        assert post.refusal == "" and _booked_once(mine, other) == {getter.number: 1}
        assert (line.status, line.matched_subject) == ("matched", getter.subject)
    else:
        assert line.status == "parked" and ledger_queries.balance(chart.SUSPENSE) == Money(10_000) == ledger_queries.balance(chart.BANK)


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_clerk_who_registers_a_line_while_its_file_is_posted_is_refused(is_kept: bool) -> None:
    bank = make_bank()
    mine, other = _two(bank)
    number = _tell(bank, ("S1", mine))
    clerk = _Clerk(lambda: pay(bank, other, "100.00", DAY, "S1"))
    with transaction.atomic():
        post_bank_file(file_number=number, by=bank.fang)
        _one_after_another(clerk)
        transaction.set_rollback(not is_kept)
    clerk.join(PATIENCE_SECONDS)
    assert clerk.refusal == "receipt_on_statement" and not other.events.filter(kind="repaid").exists()
    if not is_kept:
        post_bank_file(file_number=number, by=bank.fang)
    assert _booked_once(mine, other) == {mine.number: 1}


def test_claiming_a_line_while_a_clerk_registers_it_is_refused_and_posting_recognises_it() -> None:
    bank = make_bank()
    mine, other = _two(bank)
    number: list[str] = []

    def import_and_claim() -> None:
        number.append(_tell(bank, ("S1", None)))
        match_receipt(bank_serial_number="S1", loan_number=other.number, reason="来电核对", by=bank.fang)

    claim = _Clerk(import_and_claim)
    with transaction.atomic():
        pay(bank, mine, "100.00", DAY, "S1")
        _one_after_another(claim)
    claim.join(PATIENCE_SECONDS)
    assert claim.refusal == "receipt_registered"
    assert post_bank_file(file_number=number[0], by=bank.fang).known == 1 and _booked_once(mine, other) == {mine.number: 1}


def test_a_file_posted_while_what_a_clerk_registered_is_reversed_books_it() -> None:
    bank = make_bank()
    mine, other = _two(bank)
    event = pay(bank, mine, "100.00", DAY, "S1")
    post = _Clerk(lambda: post_bank_file(file_number=_tell(bank, ("S1", other)), by=bank.fang))
    with transaction.atomic():
        reverse_repayment(loan_number=mine.number, event_id=event.pk, reason="尚未到账", by=bank.fang)
        _one_after_another(post)
    post.join(PATIENCE_SECONDS)
    assert post.refusal == "" and _booked_once(mine, other) == {other.number: 1}


def test_clerks_and_files_that_begin_together_book_every_receipt_once() -> None:
    """Both hands go through the serials in opposite orders, and the file comes in the middle; who loses is refused, and waits for nobody."""
    bank = make_bank()
    mine, other = _two(bank)
    serials = [f"S{number}" for number in range(8)]
    begun = threading.Barrier(3)

    def register(loan: Loan, chosen: list[str]) -> None:
        begun.wait()
        for serial in chosen:
            try:
                pay(bank, loan, "100.00", DAY, serial)
            except BusinessError as refusal:
                assert refusal.code in ("receipt_on_statement", "receipt_reference_taken")

    def tell() -> None:
        begun.wait()
        post_bank_file(file_number=_tell(bank, *((serial, other) for serial in serials)), by=bank.fang)

    hands = [_Clerk(lambda: register(mine, serials)), _Clerk(lambda: register(other, serials[::-1])), _Clerk(tell)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(PATIENCE_SECONDS)
        assert not hand.is_alive() and hand.refusal == ""
    assert _booked_once(mine, other).total() == len(serials)
