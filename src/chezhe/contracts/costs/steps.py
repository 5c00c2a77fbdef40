"""Sheets are issued, read and confirmed; and no fee is charged that they do not name."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.costs import queries, rules
from chezhe.contracts.costs.models import CostConfirmation, CostReading, CostSheet
from chezhe.contracts.models import Contract, ContractPaper
from chezhe.documents.models import StoredFile
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError

DEVICE_MARK_MAX = 64


class SheetDiffers(BusinessError):
    code = "cost_sheet_differs"
    field = "code"
    sentence = _("合同 %(contract)s 现行成本明示表的核验码为 %(current)s，与所确认的 %(given)s 不同，请按现行的表重新确认。")


class ReadingTooShort(BusinessError):
    code = "reading_too_short"
    sentence = _("请继续阅读成本明示表，还需 %(seconds)s 秒才能确认。")


class ReadingStale(BusinessError):
    code = "reading_stale"
    sentence = _("这次阅读已超过 %(minutes)s 分钟，请重新打开成本明示表。")


class FeeNotOnSheet(BusinessError):
    code = "fee_not_on_sheet"
    field = "fee"
    sentence = _("合同 %(contract)s 经借款人确认的成本明示表没有列明“%(fee)s”，不得收取。")


class FeeAboveSheet(BusinessError):
    code = "fee_above_sheet"
    field = "amount"
    sentence = _("成本明示表载明“%(fee)s”每次不超过 %(most)s 元，不得多收。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """How the borrower confirmed: on a sheet that was read on a screen, or by signing the printed one."""

    channel: str
    reading: CostReading | None = None
    evidence: StoredFile | None = None


def issue(
    paper: ContractPaper, *, version: int, kind: str, items: list[Any], cost: Money, all_in_simple: Decimal | None,
    all_in_compound: Decimal | None,
) -> CostSheet:
    """Keep what a printed sheet says as values, with the digest of its file."""
    return CostSheet.objects.create(
        contract=paper.contract, version=version, kind=kind, items=items, cost=cost, all_in_simple=all_in_simple,
        all_in_compound=all_in_compound, paper=paper, code=paper.code, pdf_sha256=paper.pdf_sha256, issued_at=paper.printed_at,
    )


def open_reading(contract: Contract, *, device_mark: str = "", by: Actor) -> CostReading:
    """Somebody opens the sheet that counts for the borrower; from now on we count. Raises NotFound (404)."""
    return CostReading.objects.create(
        sheet=queries.require_sheet(contract), key=secrets.token_hex(16), customer=contract.customer,
        device_mark=device_mark[:DEVICE_MARK_MAX], opened_at=clock.now(), opened_by_name=by.name,
    )


def require_read(reading: CostReading, on: date) -> None:
    """Raises ReadingStale or ReadingTooShort (409), or ParameterMissing (409)."""
    now = clock.now()
    if rules.is_stale(reading.opened_at, now):
        raise ReadingStale(minutes=int(rules.READING_LASTS.total_seconds()) // 60)
    left = rules.seconds_left(reading.opened_at, now, queries.seconds_asked(on))
    if left:
        raise ReadingTooShort(seconds=left)


def require_same(contract: Contract, sheet: CostSheet, given: str) -> None:
    """Raises SheetDiffers (409) when what was confirmed is not the sheet that counts; nothing given means the one that counts."""
    if given and given.strip().upper() != sheet.code:
        raise SheetDiffers(contract=contract.number, current=sheet.code, given=given.strip()[:19])


def confirm(sheet: CostSheet, proof: Proof, *, confirmed_on: date, by: Actor) -> CostConfirmation:
    """Keep that the borrower confirmed this sheet, sealed with the digest of the printed file and of the proof."""
    now, reading = clock.now(), proof.reading
    dwell = rules.seconds_read(reading.opened_at, now) if reading else None
    said = {
        "sheet": sheet.code, "version": sheet.version, "pdf": sheet.pdf_sha256, "customer": sheet.contract.customer.number,
        "confirmed_on": confirmed_on.isoformat(), "confirmed_at": now.isoformat(), "channel": proof.channel,
        "opened_at": reading.opened_at.isoformat() if reading else "", "device": reading.device_mark if reading else "",
        "seconds": dwell, "evidence": proof.evidence.sha256 if proof.evidence else "",
    }
    sealed = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return CostConfirmation.objects.create(
        sheet=sheet, customer=sheet.contract.customer, confirmed_on=confirmed_on, confirmed_at=now, channel=proof.channel, reading=reading,
        dwell_seconds=dwell, evidence=proof.evidence, recorded_by_name=by.name, digest=hashlib.sha256(sealed.encode()).hexdigest(),
    )


def require_on_sheet(contract: Contract, code: str, label: str, amount: Money) -> None:
    """A fee beside the plan is named by the sheet that the borrower confirmed, and not above what it says.

    A contract whose day asked for no sheet is not asked. Raises FeeNotOnSheet or FeeAboveSheet (409).
    """
    if not contract.needs_cost_sheet:
        return
    sheet = CostSheet.objects.filter(contract=contract, confirmation__isnull=False).order_by("-version").first()
    item = rules.contingent(sheet.listed, code) if sheet else None
    if item is None:
        raise FeeNotOnSheet(contract=contract.number, fee=label)
    if item.amount_max is not None and amount > item.amount_max:
        raise FeeAboveSheet(fee=label, most=item.amount_max.format(grouped=True))
