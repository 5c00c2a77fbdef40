"""A bank's camt.053: only money that came in and is booked, each transaction once, and a sum that must be right."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.documents import errors as file_errors
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import queries
from chezhe.payments.actions.import_bank_file import FileHasFaults, import_bank_file
from chezhe.payments.models import BankLine
from chezhe.payments.vendors.bank.camt import EntryDoesNotAddUp, NotAStatement, SeveralAccounts, StatementDoesNotAddUp

pytestmark = pytest.mark.django_db

ALONE = """<Ntry><NtryRef>1</NtryRef><Amt Ccy="CNY">3174.39</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-03-14</Dt></BookgDt><ValDt><Dt>2026-03-14</Dt></ValDt><AcctSvcrRef>20260314000017</AcctSvcrRef>
<NtryDtls><TxDtls><RltdPties><Dbtr><Nm>张三</Nm></Dbtr><DbtrAcct><Id><Othr><Id>6217000000000000004</Id></Othr></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>还款</Ustrd><Ustrd>L26-000123-7</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
TOGETHER = """<Ntry><Amt Ccy="CNY">300.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>2026-03-15T09:00:00+08:00</DtTm></BookgDt>
<NtryDtls><TxDtls><Refs><AcctSvcrRef>B1</AcctSvcrRef></Refs><Amt Ccy="CNY">100.00</Amt></TxDtls>
<TxDtls><Refs><TxId>B2</TxId></Refs><AmtDtls><TxAmt><Amt Ccy="CNY">200.00</Amt></TxAmt></AmtDtls>
<RltdPties><Dbtr><Pty><Nm>杭州某某贸易有限公司</Nm></Pty></Dbtr></RltdPties></TxDtls></NtryDtls></Ntry>"""
OUT = """<Ntry><Amt Ccy="CNY">50.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-15</Dt></BookgDt><AcctSvcrRef>D1</AcctSvcrRef></Ntry>"""
PENDING = """<Ntry><Amt Ccy="CNY">9.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>PDNG</Sts><BookgDt><Dt>2026-03-15</Dt></BookgDt><AcctSvcrRef>P1</AcctSvcrRef></Ntry>"""


def balance(code: str, amount: str) -> str:
    return f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>'


def camt(entries: str, opening: str = "1000.00", closing: str = "4424.39", version: str = "02") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f'<Stmt><Id>S-0315</Id><Acct><Id><Othr><Id>6228480000000001</Id></Othr></Id></Acct>{balance("OPBD", opening)}{balance("CLBD", closing)}{entries}</Stmt></BkToCstmrStmt></Document>'
    ).encode()


@pytest.mark.parametrize("version", ["02", "08"])
def test_money_that_came_in_is_booked_transaction_by_transaction(finance: Actor, version: str) -> None:
    content = camt(ALONE + TOGETHER + OUT + PENDING, version=version)
    done = import_bank_file(content=content, name="对账单.xml", by=finance)
    assert (done.new_lines, done.file.amount) == (3, Money(347_439))
    lines = {line.bank_serial: line for line in BankLine.objects.all()}
    assert {serial: line.amount.fen for serial, line in lines.items()} == {"20260314000017": 317_439, "B1": 10_000, "B2": 20_000}
    first = lines["20260314000017"]
    assert (first.payer_name, first.payer_account, first.memo) == ("张三", "6217000000000000004", "还款 L26-000123-7")
    assert first.value_on == date(2026, 3, 14) and lines["B1"].value_on == date(2026, 3, 15)
    assert lines["B2"].payer_name == "杭州某某贸易有限公司"
    assert ledger_queries.balance(chart.SUSPENSE) == Money(347_439)
    assert import_bank_file(content=content, name="again.xml", by=finance).new_lines == 0


def test_a_statement_that_does_not_add_up_is_refused_whole(finance: Actor) -> None:
    with pytest.raises(StatementDoesNotAddUp) as refused:
        import_bank_file(content=camt(ALONE, closing="4000.00"), name="a.xml", by=finance)
    assert "4174.39" in str(refused.value) and not BankLine.objects.exists()


def test_a_batch_that_does_not_come_to_its_entry_is_refused_whole(finance: Actor) -> None:
    short = TOGETHER.replace("200.00", "150.00")
    back = TOGETHER.replace(">300.00<", ">50.00<").replace('"CNY">200.00', '"CNY">50.00')
    for entries, closing in ((short, "1300.00"), (back, "1050.00")):
        with pytest.raises(EntryDoesNotAddUp):
            import_bank_file(content=camt(entries, closing=closing), name="a.xml", by=finance)
    assert not BankLine.objects.exists()


def test_the_payout_account_is_not_taken_for_the_receiving_one(finance: Actor) -> None:
    def stmt(account: str) -> str:
        return f"<Stmt><Id>S</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{ALONE}</Stmt>"

    whole = f'<?xml version="1.0"?><Document><BkToCstmrStmt>{stmt("11112222")}{stmt("33334444")}</BkToCstmrStmt></Document>'
    with pytest.raises(SeveralAccounts) as refused:
        import_bank_file(content=whole.encode(), name="a.xml", by=finance)
    assert "2222、4444" in str(refused.value) and not BankLine.objects.exists()


def test_a_number_that_begins_anew_every_day_is_no_serial(finance: Actor) -> None:
    tried = queries.preview(camt(ALONE.replace("<AcctSvcrRef>20260314000017</AcctSvcrRef>", ""), closing="4174.39"), name="a.xml",
                            on=date(2026, 3, 16))
    assert [fault.code for fault in tried.faults] == ["serial_missing"]


def test_a_receipt_the_bank_took_back_is_shown_and_not_booked(finance: Actor) -> None:
    back = OUT.replace("</CdtDbtInd>", "</CdtDbtInd><RvslInd>true</RvslInd>").replace("D1", "20260310000009")
    tried = queries.preview(camt(ALONE + back, closing="4124.39"), name="a.xml", on=date(2026, 3, 16))
    assert [(row.bank_serial, row.amount) for row in tried.taken_back] == [("20260310000009", Money(5_000))] and not tried.faults
    assert import_bank_file(content=camt(ALONE + back, closing="4124.39"), name="a.xml", by=finance).new_lines == 1


def test_foreign_money_and_a_transaction_without_a_serial_are_faults(finance: Actor) -> None:
    dollars = ALONE.replace('Ccy="CNY"', 'Ccy="USD"')
    unnamed = TOGETHER.replace("<AcctSvcrRef>B1</AcctSvcrRef>", "")
    tried = queries.preview(camt(dollars + unnamed, closing="4474.39"), name="a.xml", on=date(2026, 3, 16))
    assert [(fault.row_number, fault.column, fault.code) for fault in tried.faults] == [
        (1, "amount", "amount_invalid"), (2, "bank_serial", "serial_missing"),
    ]
    with pytest.raises(FileHasFaults):
        import_bank_file(content=camt(dollars, closing="4174.39"), name="a.xml", by=finance)


@pytest.mark.parametrize(("content", "refusal"), [
    (b'<?xml version="1.0"?><Document><Other/></Document>', NotAStatement),
    (b'<?xml version="1.0"?><Document><Bk', file_errors.FileDamaged),
    (b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>', file_errors.SheetUnsafe),
    (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', file_errors.FileKindForeign),
    (camt(OUT.replace("50.00", "many")), NotAStatement),
])
def test_other_xml_is_refused(finance: Actor, content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        import_bank_file(content=content, name="a.xml", by=finance)
    assert not BankLine.objects.exists()
