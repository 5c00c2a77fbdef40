"""Writing the books: once per reference, never into a closed month, never changed."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.ledger import chart, queries, steps
from chezhe.ledger.models import Account, JournalEntry
from chezhe.ledger.models import Transfer as TransferRow
from chezhe.ledger.rules import Columns, EntryContent

pytestmark = pytest.mark.django_db

LOAN = "loan:L26-000123-7"
DAY = date(2026, 3, 15)
REPAYMENT = (
    Transfer(chart.BANK, chart.INTEREST_RECEIVABLE, 74000, LOAN),
    Transfer(chart.BANK, chart.LOAN_PRINCIPAL, 243439, LOAN),
)


def post(reference: str = "repayment:1", *, transfers=REPAYMENT, on=DAY, event="repayment", memo="", branch_id=None):
    return steps.post(event=event, reference=reference, transfers=transfers, on=on, memo=memo, branch_id=branch_id, by=SYSTEM)


def test_the_journal_reads_as_an_accountant_writes_it() -> None:
    post()
    assert queries.journal_text(LOAN) == (
        "2026-03-15 repayment L26-000123-7\n"
        "  Dr bank                 3,174.39\n"
        "  Cr interest receivable    740.00\n"
        "  Cr principal            2,434.39"
    )


def test_writing_twice_with_one_reference_is_harmless() -> None:
    first = post()
    assert post() == first
    assert JournalEntry.objects.count() == 1
    assert queries.balance(chart.BANK, LOAN) == Money(317439)


def content(reference: str, *, on: date = DAY, transfers=REPAYMENT) -> EntryContent:
    return EntryContent("repayment", reference, on, None, "", tuple(transfers))


def test_several_entries_are_posted_with_as_many_statements_as_one(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(7):
        assert len(steps.post_all([content(f"repayment:{number}") for number in range(20)], by=SYSTEM)) == 20
    assert JournalEntry.objects.count() == 20 and queries.balance(chart.BANK, LOAN) == Money(20 * 317439)
    assert queries.prove(thorough=True).is_sound
    assert post("repayment:7") == JournalEntry.objects.get(reference="repayment:7")


def test_of_several_entries_those_that_stand_are_left_and_a_wrong_one_stops_all() -> None:
    first = post("repayment:1")
    assert [entry.reference for entry in steps.post_all([content("repayment:1"), content("repayment:2")], by=SYSTEM)] == ["repayment:1", "repayment:2"]
    assert JournalEntry.objects.count() == 2 and JournalEntry.objects.get(reference="repayment:1") == first
    wrong = [content("repayment:3"), content("repayment:4", transfers=[Transfer("9999", chart.BANK, 1)])]
    with pytest.raises(steps.UnknownAccount):
        steps.post_all(wrong, by=SYSTEM)
    with pytest.raises(steps.ReferenceTaken):
        steps.post_all([content("repayment:2", on=date(2026, 3, 16))], by=SYSTEM)
    assert JournalEntry.objects.count() == 2


@pytest.mark.parametrize("change", [{"on": date(2026, 3, 16)}, {"transfers": REPAYMENT[:1]}, {"memo": "x"}, {"event": "other"}])
def test_one_reference_never_means_two_things(change: dict) -> None:
    post()
    with pytest.raises(steps.ReferenceTaken):
        post(**change)
    assert JournalEntry.objects.count() == 1


def test_it_refuses_an_unknown_an_inactive_and_a_mixed_account() -> None:
    with pytest.raises(steps.UnknownAccount, match="9999"):
        post(transfers=[Transfer("9999", chart.BANK, 1)])
    Account.objects.filter(code=chart.CASH).update(is_active=False)
    with pytest.raises(steps.AccountInactive, match="1001"):
        post(transfers=[Transfer(chart.CASH, chart.BANK, 1)])
    with pytest.raises(steps.MixesBooks):
        post(transfers=[Transfer(chart.OFF_BOOK_INTEREST, chart.INTEREST_INCOME, 1)])
    assert not JournalEntry.objects.exists()


def test_it_refuses_an_empty_entry_and_a_reference_nobody_can_read() -> None:
    for wrong in ({"transfers": []}, {"reference": ""}, {"reference": "x" * 121}, {"memo": "x" * 501}):
        with pytest.raises(Invalid):
            post(**wrong)


def test_the_value_itself_refuses_nothing_and_itself() -> None:
    with pytest.raises(ValueError):
        Transfer(chart.BANK, chart.CASH, 0)
    with pytest.raises(ValueError):
        Transfer(chart.BANK, chart.CASH, -5)
    with pytest.raises(ValueError):
        Transfer(chart.BANK, chart.BANK, 5)


def test_a_reversal_mirrors_the_entry_once() -> None:
    entry = post()
    reversal = steps.reverse(reference="repayment:1", on=date(2026, 3, 20), reason="记错贷款", by=SYSTEM)
    assert reversal.reverses == entry
    assert set(queries.balances_of(LOAN).values()) == {Money(0)}
    assert queries.journal_text(entry=reversal) == (
        "2026-03-20 reversal L26-000123-7\n"
        "  Dr interest receivable    740.00\n"
        "  Dr principal            2,434.39\n"
        "  Cr bank                 3,174.39"
    )
    assert steps.reverse(reference="repayment:1", on=date(2026, 3, 20), reason="记错贷款", by=SYSTEM) == reversal
    with pytest.raises(steps.AlreadyReversed, match=reversal.number):
        steps.reverse(reference="repayment:1", on=date(2026, 3, 21), reason="记错贷款", by=SYSTEM)
    with pytest.raises(steps.ReversalOfReversal):
        steps.reverse(reference=reversal.reference, on=date(2026, 3, 21), reason="x", by=SYSTEM)
    with pytest.raises(NotFound):
        steps.reverse(reference="nothing", on=DAY, reason="x", by=SYSTEM)


@pytest.mark.parametrize("table", ["ledger_journalentry", "ledger_transfer"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_raw_sql_cannot_change_what_is_written(table: str, sql: str) -> None:
    post()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))


def test_the_orm_cannot_change_what_is_written() -> None:
    entry = post()
    row = entry.transfers.get(amount_fen=74000)
    row.amount_fen = 1
    tries = [row.save, row.delete, entry.delete, lambda: JournalEntry.objects.update(memo="x"),
             lambda: TransferRow.objects.filter(entry=entry).delete()]
    for attempt in tries:
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    assert queries.balance(chart.LOAN_PRINCIPAL, LOAN) == Money(-243439)


@pytest.mark.parametrize("statement", [
    "UPDATE ledger_transfer SET amount_fen = 1", "DELETE FROM ledger_transfer", "TRUNCATE ledger_transfer",
    "UPDATE ledger_journalentry SET memo = 'x'", "DELETE FROM ledger_periodbalance", "DELETE FROM ledger_account",
])
def test_the_application_role_lacks_the_rights_as_well(statement: str) -> None:
    post()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE chezhe_app")
        cursor.execute("SELECT count(*) FROM ledger_line")
        assert cursor.fetchone() == (4,)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(statement)
        cursor.execute("RESET ROLE")


def test_the_database_refuses_a_transfer_of_nothing_and_against_itself() -> None:
    entry = post()
    bank, cash = Account.objects.get(code=chart.BANK), Account.objects.get(code=chart.CASH)
    for debit, credit, fen in ((bank, bank, 5), (bank, cash, 0), (bank, cash, -5)):
        with pytest.raises(DatabaseError, match="transfer_"), transaction.atomic():
            TransferRow.objects.create(entry=entry, debit_account=debit, credit_account=credit, amount_fen=fen)


@pytest.mark.parametrize(("column", "told"), [
    ("entry_id", "transfer_entry"), ("debit_account_id", "transfer_account"), ("credit_account_id", "transfer_account"),
])
def test_the_database_refuses_a_transfer_of_what_is_not_there(column: str, told: str) -> None:
    row = post().transfers.get(amount_fen=74000)
    wrong = {"entry_id": row.entry_id, "debit_account_id": row.debit_account_id, "credit_account_id": row.credit_account_id, column: 10**9}
    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        TransferRow.objects.bulk_create([TransferRow(**wrong, amount_fen=fen) for fen in (1, 2)])


def test_the_database_keeps_an_account_that_transfers_name() -> None:
    post()
    for sql in ("DELETE FROM ledger_account WHERE code = %s", "UPDATE ledger_account SET id = id + 1000000 WHERE code = %s"):
        for code in (chart.BANK, chart.LOAN_PRINCIPAL):
            with pytest.raises(IntegrityError, match="transfer_account"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql, [code])
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [chart.CASH])
            assert cursor.rowcount == 1
            transaction.set_rollback(True)


def test_many_transfers_in_columns_are_the_same_entry() -> None:
    columns = Columns(*([getattr(t, name) for t in REPAYMENT] for name in ("debit", "credit", "fen", "owner")))
    assert len(steps.post_all([EntryContent("repayment", "repayment:1", DAY, None, "", columns)], by=SYSTEM)) == 1
    assert post() == JournalEntry.objects.get() and queries.balance(chart.BANK, LOAN) == Money(317439)
    for wrong in ([[chart.BANK], [chart.BANK], [1], [""]], [[chart.BANK], [chart.CASH], [0], [""]], [[chart.BANK], [chart.CASH], [1], []]):
        with pytest.raises(ValueError):
            Columns(*wrong)


def test_the_line_view_gives_debits_and_credits() -> None:
    entry = post()
    lines = entry.lines.order_by("transfer_id", "-side").values_list("account__code", "side", "debit_fen", "credit_fen")
    assert list(lines) == [
        (chart.BANK, "debit", 74000, 0), (chart.INTEREST_RECEIVABLE, "credit", 0, 74000),
        (chart.BANK, "debit", 243439, 0), (chart.LOAN_PRINCIPAL, "credit", 0, 243439),
    ]


def test_an_entry_is_called_by_a_number_with_a_check_digit() -> None:
    entry = post()
    assert queries.entry_called(entry.number.lower().replace("-", ""), SYSTEM) == entry
    wrong = entry.number[:-1] + str((int(entry.number[-1]) + 1) % 10)
    with pytest.raises(NotFound):
        queries.entry_called(wrong, SYSTEM)
