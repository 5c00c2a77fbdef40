"""A branch counts its vault: what was read against what should be there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral import errors
from chezhe.contracts.collateral.custody_models import (
    STOCK_TAKE_PREFIX,
    CustodyItem,
    StockTake,
    StockTakeFinding,
    StockTakeScan,
)
from chezhe.contracts.collateral.states import STOCK_TAKE
from chezhe.kernel import appending, business_date, clock, events, locks, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.staff.models import Branch

_CODE = re.compile(r"[!-~]{1,40}")


@dataclass(frozen=True, slots=True)
class Found:
    """What is wrong in a vault: a barcode, what it belongs to, and where that stands."""

    kind: str
    code: str
    item: CustodyItem | None


def stock_takes(actor: Actor) -> QuerySet[StockTake]:
    """Those of the branches in somebody's reach."""
    return StockTake.objects.visible_to(actor).select_related("branch")


def branches(actor: Actor) -> QuerySet[Branch]:
    """Where somebody may count."""
    rows = Branch.objects.order_by("code")
    return rows if actor.sees_whole_house else rows.filter(pk__in=actor.branch_ids)


def begin(branch_code: str, *, by: Actor) -> StockTake:
    """Open a stock-take of a branch. Raises NotFound (404) or StockTakeOpen (409)."""
    branch = branches(by).filter(code=branch_code).first()
    if branch is None:
        raise NotFound(what=branch_code)
    locks.hold(f"stock_take:{branch.pk}")
    standing = StockTake.objects.filter(branch=branch, status="open").first()
    if standing is not None:
        raise errors.StockTakeOpen(branch=branch.name, number=standing.number)
    made = StockTake.objects.create(
        number=numbers.next_number(STOCK_TAKE_PREFIX, business_date.current()), branch=branch, opened_at=clock.now(),
        opened_by_name=by.name)
    moves.record(made.subject, "begin", "", made.status, by=by)
    return made


def scan(take: StockTake, code: str, *, by: Actor) -> StockTakeScan:
    """A barcode was read in a locked, open stock-take; read again it is the same. Raises WrongState (409) or Invalid (422)."""
    STOCK_TAKE.require(take.status, "close")
    typed = code.strip().upper()
    if not _CODE.fullmatch(typed):
        raise Invalid(field="barcode", code="barcode_wrong", sentence=_("请扫描条码，或输入条码下方的编号（最多 40 个字符）。"))
    known = StockTakeScan.objects.filter(stock_take=take, code=typed).first()
    if known is not None:
        return known
    return StockTakeScan.objects.create(
        stock_take=take, code=typed, item=CustodyItem.objects.filter(number=typed).first(), scanned_at=clock.now(), scanned_by_name=by.name)


def expected(take: StockTake) -> QuerySet[CustodyItem]:
    """What should lie in the vault now."""
    return CustodyItem.objects.filter(branch=take.branch, status="kept").select_related("contract__customer", "vehicle")


def differences(take: StockTake) -> list[Found]:
    """What is missing and what is too much: as it is now, or as it was when the stock-take was closed."""
    if take.status == "closed":
        rows = take.findings.select_related("item__contract__customer", "item__vehicle", "item__branch")
        return [Found(row.kind, row.code, row.item) for row in rows]
    read = list(take.scans.select_related("item__contract__customer", "item__vehicle", "item__branch"))
    seen = {row.item_id for row in read}
    missing = [Found("missing", item.number, item) for item in expected(take) if item.pk not in seen]
    return missing + [Found("surplus", row.code, row.item) for row in read if not _belongs(take, row.item)]


def _belongs(take: StockTake, item: CustodyItem | None) -> bool:
    return item is not None and item.status == "kept" and item.branch_id == take.branch_id


def close(take: StockTake, *, by: Actor) -> StockTake:
    """Write down for ever what a locked stock-take found. Raises WrongState (409)."""
    STOCK_TAKE.require(take.status, "close")
    wrong, read, should_be = differences(take), take.scans.count(), expected(take).count()
    for found in wrong:
        status = found.item.status if found.item else ""
        appending.append(StockTakeFinding(stock_take=take, kind=found.kind, code=found.code, item=found.item, status_then=status))
    take.closed_at, take.closed_by_name, take.expected_count, take.found_count = clock.now(), by.name, should_be, read
    take.missing_count = sum(found.kind == "missing" for found in wrong)
    take.surplus_count = len(wrong) - take.missing_count
    take.save(update_fields=["closed_at", "closed_by_name", "expected_count", "found_count", "missing_count", "surplus_count"])
    moves.move(take, STOCK_TAKE, "close", by=by)
    events.publish("stock_take.closed", take.subject, {
        "number": take.number, "missing": take.missing_count, "surplus": take.surplus_count})
    return take
