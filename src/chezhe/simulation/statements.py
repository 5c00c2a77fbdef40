"""The bank's statement of each branch's receipts: imported and posted each working morning, the rest claimed a day later."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from chezhe.identifiers.text import clean
from chezhe.payments import permissions as payment_permissions
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.models import BankLine
from chezhe.servicing import permissions
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.models import Loan
from chezhe.servicing.receipts import CounterReceipt
from chezhe.simulation.scene import BankReceipt, Scene
from chezhe.simulation.tracks import Track

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


def tell(receipt: CounterReceipt, track: Track, scene: Scene) -> None:
    """What a clerk registered as a transfer stands on the bank's statement, too, under the serial that he typed."""
    if receipt.channel == "bank" and receipt.amount:
        scene.receipts.append(BankReceipt(
            branch_code=track.branch_code, value_on=receipt.paid_on, amount=receipt.amount, serial=receipt.reference,
            payer_name=clean(receipt.payer),
            payer_account=track.life.card if receipt.payer == track.life.name else "", memo=f"还款 {track.loan}", loan_number=track.loan,
        ))


def statement(receipts: list[BankReceipt]) -> str:
    """The file as the bank writes it."""
    lines = (
        f"{r.value_on.isoformat()},{r.amount},{r.serial},{r.payer_name},{r.payer_account},{r.memo}" for r in receipts
    )
    return "\n".join([HEADING, *lines, ""])


STAGES = {"banking": bank}
