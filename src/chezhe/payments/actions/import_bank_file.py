"""Take in a statement of one of our accounts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.documents import steps as document_steps
from chezhe.kernel import business_date, clock, events, locks, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import permissions, postings, queries
from chezhe.payments.models import FILE_PREFIX, BankFile, BankLine, StatementBalance, StatementLine
from chezhe.payments.rules import Receipt


class FileEmptyOfReceipts(BusinessError):
    code = "bank_file_empty"
    http_status = 422
    field = "file"
    sentence = _("文件中没有一行收付款，请核对是否选错文件。")


class FileHasFaults(BusinessError):
    code = "bank_file_has_faults"
    http_status = 422
    field = "file"
    sentence = _("文件有 %(count)s 行不能入账，未导入任何一行。请先下载错误行，改正后重新导入。")


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """The file with what was new in it: lines that another file brought before are not booked twice.

    `new_lines` are receipts in suspense; `new_others` is what else moved, which reconciliation finds a place for.
    """

    file: BankFile
    new_lines: int
    known_lines: int
    new_others: int = 0

    @property
    def subject(self) -> str:
        return self.file.subject


@action(permissions.IMPORT_BANK_FILE)
def import_bank_file(*, content: bytes, name: str, account: str = "", by: Actor) -> ImportedFile:
    """Book every receipt of a bank's statement into suspense, once, ready to be matched, and keep what else moved.

    `account` is the ledger account of a table, empty for the receiving one or what a camt.053 says itself. The same file again
    changes nothing. Raises FileHasFaults or FileEmptyOfReceipts (422), or what `queries.preview` raises; nothing is then booked.
    """
    digest = hashlib.sha256(content).hexdigest()
    locks.hold("payments.import_bank_file")  # two imports at once could both take a line for new
    standing = BankFile.objects.filter(digest=digest).first()
    if standing:
        return ImportedFile(standing, 0, standing.line_count)
    preview = queries.preview(content, name=name, on=business_date.current(), account=account)
    if preview.faults:
        raise FileHasFaults(count=len(preview.faults))
    if not preview.receipts and not preview.others:
        raise FileEmptyOfReceipts()
    file = _keep(preview, content, digest, name, by)
    fresh = preview.fresh
    if fresh:
        lines = BankLine.objects.bulk_create([_line(file, receipt) for receipt in fresh], batch_size=1000)
        _book(file, lines, by)
    _keep_others(file, preview)
    events.publish("bank_file.imported", file.subject, {"number": file.number, "lines": len(fresh)})
    return ImportedFile(file, len(fresh), len(preview.receipts) - len(fresh), len(preview.fresh_others))


def _keep(preview: queries.Preview, content: bytes, digest: str, name: str, by: Actor) -> BankFile:
    shown = document_steps.display_name(name)
    file = BankFile.objects.create(
        number=numbers.next_number(FILE_PREFIX, business_date.current()), digest=digest, name=shown,
        account=preview.account, line_count=len(preview.receipts), amount=preview.amount, imported_at=clock.now(),
        imported_by_id=by.user_id, branch_id=by.branch_id,
    )
    document_steps.store_bytes(content, name=shown, subject=file.subject, category="bank_file", branch_id=by.branch_id, by=by)
    return file


def _line(file: BankFile, receipt: Receipt) -> BankLine:
    return BankLine(
        file=file, row_number=receipt.row_number, bank_serial=receipt.bank_serial, value_on=receipt.value_on,
        amount=receipt.amount, payer_name=receipt.payer_name[:100], payer_account=receipt.payer_account,
        payer_tail=receipt.payer_account[-4:], memo=receipt.memo,
    )


def _keep_others(file: BankFile, preview: queries.Preview) -> None:
    """Nothing is booked for them: what left was ordered and booked before, or is found by reconciliation."""
    StatementLine.objects.bulk_create([
        StatementLine(
            file=file, row_number=row.row_number, account=file.account, bank_serial=row.bank_serial, value_on=row.value_on,
            amount=row.signed, party_name=row.payer_name[:100], party_tail=row.payer_account[-4:], memo=row.memo, takes_back=row.takes_back,
        )
        for row in preview.fresh_others
    ], batch_size=1000)
    StatementBalance.objects.bulk_create([
        StatementBalance(file=file, account=file.account, on=day.on, opening=day.opening, closing=day.closing) for day in preview.balances
    ], batch_size=1000)


def _book(file: BankFile, lines: list[BankLine], by: Actor) -> None:
    """One entry a file, one transfer a line: every receipt has its own owner in the books."""
    transfers = [transfer for line in lines for transfer in postings.receipt(line.amount, line.subject)]
    ledger_steps.post(
        event="bank_receipt", reference=f"bank-file:{file.number}", transfers=transfers, on=business_date.current(),
        branch_id=file.branch_id, memo=file.number, by=by,
    )
