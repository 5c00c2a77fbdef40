"""The bank's statement of each branch's receipts: imported and posted each working morning, the rest claimed a day later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.ledger import chart
from chezhe.ledger.models import MANUAL, Transfer
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.models import BankLine, Payout, StatementLine
from chezhe.servicing import permissions
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.models import Loan
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import BankReceipt, Scene

HEADING = "交易日期,金额,流水号,付款人,付款账号,附言"


@dataclass(slots=True)
class Till:
    """What has reached our account for one branch: lines of the next statement, and those that found no loan."""

    serial: int
    branch_code: str
    next_on: date
    stage: str = "banking"
    receipts: list[BankReceipt] = field(default_factory=list)
    parked: list[BankReceipt] = field(default_factory=list)


def bank(till: Till, scene: Scene) -> None:
    """Claim what was parked, then take in the statement of the days since the last one."""
    for receipt in till.parked:
        _claim(receipt, scene)
    till.parked = []
    if till.receipts:
        _take_in(till, scene)
    till.next_on = scene.today + timedelta(days=1)


def _take_in(till: Till, scene: Scene) -> None:
    teller = scene.who(payment_permissions.IMPORT_BANK_FILE, till.branch_code)
    name = f"{till.branch_code}-{scene.today:%Y%m%d}.csv"
    imported = import_bank_file(content=statement(till.receipts).encode(), name=name, by=teller)
    posted = post_bank_file(file_number=imported.file.number, by=scene.who(permissions.POST_BANK_FILE, till.branch_code))
    scene.note("bank_files")
    scene.note("repayments", posted.posted)
    scene.note("parked", posted.parked)
    if posted.parked:
        waiting = set(BankLine.objects.filter(file=imported.file, status="parked").values_list("bank_serial", flat=True))
        till.parked = [receipt for receipt in till.receipts if receipt.serial in waiting]
    till.receipts = []


def _claim(receipt: BankReceipt, scene: Scene) -> None:
    """Somebody rang up and said whose money it is, unless the loan has been paid off meanwhile."""
    if Loan.objects.filter(number=receipt.loan_number, status="active").exists():
        teller = scene.who(permissions.MATCH_RECEIPT, receipt.branch_code)
        match_receipt(bank_serial_number=receipt.serial, loan_number=receipt.loan_number, reason="付款人来电确认", by=teller)
        scene.note("claimed")
        scene.note("repayments")


def statement(receipts: list[BankReceipt]) -> str:
    """The file as the bank writes it."""
    lines = (
        f"{r.value_on.isoformat()},{r.amount},{r.serial},{r.payer_name},{r.payer_account},{r.memo}" for r in receipts
    )
    return "\n".join([HEADING, *lines, ""])


# ---- what left ------------------------------------------------------------------------------------------------

LEFT = "交易日期,金额,支出金额,流水号,对方户名,对方账号,摘要"


def bring_payout_statement(scene: Scene) -> None:
    """Once a month: the payout account's statement of all that no statement has told yet, and the charges on the receiving account."""
    told = set(StatementLine.objects.filter(account=chart.BANK_PAYOUT).values_list("bank_serial", flat=True))
    payouts = Payout.objects.filter(status__in=["paid", "returned"]).exclude(bank_serial__in=told).order_by("id")
    rows = [row for payout in payouts for row in _payout_rows(payout)]
    fees = [f"{t.entry.posted_on},,{Money(t.amount_fen)},C{t.entry_id},示例银行,,账户管理费" for t in _charges(scene.today)]
    for account, lines in ((chart.BANK_PAYOUT, rows), (chart.BANK, fees)):
        if lines:
            content, name = "\n".join([LEFT, *lines, ""]).encode(), f"{account}-{scene.today:%Y%m%d}.csv"
            teller = scene.who(payment_permissions.IMPORT_BANK_FILE, BRANCHES[0][0])
            import_bank_file(content=content, name=name, account=account, by=teller)


def _charges(today: date) -> list[Transfer]:
    """What finance booked by hand as taken by the bank this month."""
    rows = Transfer.objects.filter(entry__event=MANUAL, entry__posted_on__gte=today.replace(day=1), credit_account__code=chart.BANK)
    return list(rows.select_related("entry").order_by("id"))


def _payout_rows(payout: Payout) -> list[str]:
    """The order, and its coming back when it did."""
    on = payout.settled_at.astimezone(clock.SHANGHAI).date() if payout.settled_at else None
    party = f"{payout.payee_name},****{payout.payee_tail},放款 {payout.bank_reference}"
    left = f"{on},,{payout.amount},{payout.bank_serial},{party}"
    return [left, f"{on},{payout.amount},,{payout.bank_serial},{party} 退回"] if payout.status == "returned" else [left]


STAGES = {"banking": bank}
