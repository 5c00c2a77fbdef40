"""Take in a statement of our receiving account."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, locks, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import permissions, postings, queries
from chezhe.payments.models import FILE_PREFIX, BankFile, BankLine
from chezhe.payments.rules import Receipt, RowFault


class FileHasFaults(BusinessError):
    code = "bank_file_has_faults"
    http_status = 422
    sentence = _("文件有 %(count)s 行不能入账，未导入任何一行。请先下载错误行，改正后重新导入。")


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The file with what was new in it: lines that another file brought before are not booked twice."""

    file: BankFile
    new_lines: int
    known_lines: int

    @property
    def subject(self) -> str:
        return self.file.subject


@action(permissions.IMPORT_BANK_FILE)
def import_bank_file(*, content: bytes, name: str, by: Actor) -> ImportedFile:
    """Book every receipt of a bank's statement into suspense, once, ready to be matched.

    Raises FileHasFaults (422) when a row cannot be read; nothing of the file is then booked.
    """
    digest = hashlib.sha256(content).hexdigest()
    locks.hold("payments.import_bank_file")  # two imports at once could both take a line for new
    standing = BankFile.objects.filter(digest=digest).first()
    if standing:
        return ImportedFile(standing, 0, standing.line_count)
    preview = queries.preview(content, on=business_date.current())
    if preview.faults:
        raise FileHasFaults(count=len(preview.faults), faults=_first(preview.faults))
    file = BankFile.objects.create(
        number=numbers.next_number(FILE_PREFIX, business_date.current()), digest=digest, name=name[:120],
        line_count=len(preview.receipts), amount=preview.amount, imported_at=clock.now(),
        imported_by_id=by.user_id, branch_id=by.branch_id,
    )
    fresh = [receipt for receipt in preview.receipts if receipt.bank_serial not in preview.known_serials]
    for receipt in fresh:
        _book(_record(file, receipt), by)
    events.publish("bank_file.imported", file.subject, {"number": file.number, "lines": len(fresh)})
    return ImportedFile(file, len(fresh), len(preview.receipts) - len(fresh))


def _record(file: BankFile, receipt: Receipt) -> BankLine:
    return BankLine.objects.create(
        file=file, row_number=receipt.row_number, bank_serial=receipt.bank_serial, value_on=receipt.value_on,
        amount=receipt.amount, payer_name=receipt.payer_name, payer_account=receipt.payer_account,
        payer_tail=receipt.payer_account[-4:], memo=receipt.memo,
    )


def _book(line: BankLine, by: Actor) -> None:
    ledger_steps.post(
        event="bank_receipt", reference=f"bank-line:{line.bank_serial}", transfers=postings.receipt(Money(line.amount.fen), line.subject),
        on=business_date.current(), branch_id=line.file.branch_id, memo=line.file.number, by=by,
    )


def _first(faults: list[RowFault]) -> str:
    return "; ".join(f"{fault.row_number}:{fault.column}:{fault.code}" for fault in faults[:5])
