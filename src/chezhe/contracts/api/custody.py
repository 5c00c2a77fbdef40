"""The vault and its stock-takes over REST."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.contracts import permissions
from chezhe.contracts.actions.close_stock_take import close_stock_take
from chezhe.contracts.actions.give_back_item import give_back_item
from chezhe.contracts.actions.hand_out_item import hand_out_item
from chezhe.contracts.actions.keep_item import keep_item
from chezhe.contracts.actions.lend_item import lend_item
from chezhe.contracts.actions.open_stock_take import open_stock_take
from chezhe.contracts.actions.scan_stock import scan_stock
from chezhe.contracts.api.contracts import router
from chezhe.contracts.collateral import custody, stocktaking
from chezhe.contracts.collateral.custody import Handed, Kept
from chezhe.contracts.collateral.custody_models import CustodyItem, CustodyMove, StockTake
from chezhe.contracts.collateral.stocktaking import Found
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, In, Out, Page, Text, page_of, page_of_list


class CustodyOut(Out):
    """`number` is the barcode; `holder` and `due_back` while it is not in the vault."""

    number: str
    status: str
    kind: str
    serial: str
    contract_number: str
    vehicle_number: str
    branch_code: str
    place: str
    holder: str
    due_back: date | None
    is_overdue: bool
    kept_on: date


class CustodyMoveOut(Out):
    verb: str
    moved_on: date
    moved_at: datetime
    moved_by: str
    holder: str
    reason: str
    due_back: date | None


class KeepIn(In):
    kind: Literal["certificate", "key", "paper"]
    serial: Text[40] = ""
    place: Text[40] = ""
    vehicle_number: Text[40] = ""


class LendIn(In):
    holder: Text[80]
    reason: Text[200]
    due_back: Day


class HandOutIn(In):
    holder: Text[80]
    reason: Text[200]


class GiveBackIn(In):
    place: Text[40] = ""
    reason: Text[200] = ""


class StockTakeIn(In):
    branch_code: Text[40]


class ScanIn(In):
    barcode: Text[40]


class StockTakeOut(Out):
    """The counts are written when it is closed."""

    number: str
    status: str
    branch_code: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str
    expected_count: int | None
    found_count: int | None
    missing_count: int | None
    surplus_count: int | None


class DifferenceOut(Out):
    kind: str
    barcode: str
    item_status: str


@router.get("/custody", response=Page[CustodyOut], summary="Papers and keys that are or were kept, newest first")
@needs(permissions.VIEW_COLLATERAL)
def items(
    request: HttpRequest, status: str = "", barcode: str = "", overdue: bool = False, cursor: str = "", limit: int = PAGE_SIZE
) -> dict[str, Any]:
    rows = custody.items(request.actor)
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(number=barcode.strip().upper()) if barcode else rows
    rows = rows.filter(status="lent", due_back__lt=business_date.current()) if overdue else rows
    return page_of(rows, cursor, limit, _item)


@router.get("/custody/{number}", response=CustodyOut, summary="One paper or key, by its barcode")
@needs(permissions.VIEW_COLLATERAL)
def item(request: HttpRequest, number: str) -> dict[str, Any]:
    return _item(custody.items(request.actor).fetch(number))


@router.get("/custody/{number}/moves", response=Page[CustodyMoveOut], summary="Every move of it, newest first")
@needs(permissions.VIEW_COLLATERAL)
def item_moves(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(CustodyMove.objects.filter(item=custody.items(request.actor).fetch(number)), cursor, limit, _move)


@router.post("/contracts/{number}/custody", response={201: CustodyOut}, summary="Put a paper or key of a contract's car into the vault")
@needs(permissions.KEEP_CUSTODY)
def keep(request: HttpRequest, number: str, payload: KeepIn) -> tuple[int, dict[str, Any]]:
    kept = Kept(kind=payload.kind, serial=payload.serial, place=payload.place)
    return 201, _item(keep_item(
        contract_number=number, kept=kept, vehicle_number=payload.vehicle_number, business_date=business_date.current(), by=request.actor))


@router.post("/custody/{number}/lend", response=CustodyOut, summary="Lend it until a day")
@needs(permissions.KEEP_CUSTODY)
def lend(request: HttpRequest, number: str, payload: LendIn) -> dict[str, Any]:
    lend_item(item_number=number, handed=Handed(**payload.dict()), business_date=business_date.current(), by=request.actor)
    return item(request, number)


@router.post("/custody/{number}/give-back", response=CustodyOut, summary="It is back")
@needs(permissions.KEEP_CUSTODY)
def give_back(request: HttpRequest, number: str, payload: GiveBackIn) -> dict[str, Any]:
    give_back_item(item_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor)
    return item(request, number)


@router.post("/custody/{number}/hand-out", response=CustodyOut, summary="It leaves for good")
@needs(permissions.KEEP_CUSTODY)
def hand_out(request: HttpRequest, number: str, payload: HandOutIn) -> dict[str, Any]:
    hand_out_item(item_number=number, handed=Handed(**payload.dict()), business_date=business_date.current(), by=request.actor)
    return item(request, number)


@router.get("/stock-takes", response=Page[StockTakeOut], summary="Stock-takes, newest first")
@needs(permissions.VIEW_COLLATERAL)
def stock_takes(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = stocktaking.stock_takes(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _take)


@router.post("/stock-takes", response={201: StockTakeOut}, summary="Begin to count a branch's vault")
@needs(permissions.TAKE_STOCK)
def begin(request: HttpRequest, payload: StockTakeIn) -> tuple[int, dict[str, Any]]:
    return 201, _take(open_stock_take(branch_code=payload.branch_code, by=request.actor))


@router.get("/stock-takes/{number}", response=StockTakeOut, summary="One stock-take")
@needs(permissions.VIEW_COLLATERAL)
def stock_take(request: HttpRequest, number: str) -> dict[str, Any]:
    return _take(stocktaking.stock_takes(request.actor).fetch(number))


@router.get("/stock-takes/{number}/differences", response=Page[DifferenceOut], summary="What is missing and what is too much")
@needs(permissions.VIEW_COLLATERAL)
def differences(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    found = stocktaking.differences(stocktaking.stock_takes(request.actor).fetch(number))
    return page_of_list(found, cursor, limit, _difference)


@router.post("/stock-takes/{number}/scans", response=StockTakeOut, summary="A barcode was read")
@needs(permissions.TAKE_STOCK)
def scan(request: HttpRequest, number: str, payload: ScanIn) -> dict[str, Any]:
    scan_stock(stock_take_number=number, barcode=payload.barcode, by=request.actor)
    return stock_take(request, number)


@router.post("/stock-takes/{number}/close", response=StockTakeOut, summary="Write down what was found")
@needs(permissions.TAKE_STOCK)
def close(request: HttpRequest, number: str) -> dict[str, Any]:
    close_stock_take(stock_take_number=number, by=request.actor)
    return stock_take(request, number)


def _item(found: CustodyItem) -> dict[str, Any]:
    same = ("number", "status", "kind", "serial", "place", "holder", "due_back", "kept_on")
    return {"contract_number": found.contract.number, "vehicle_number": found.vehicle.number, "branch_code": found.branch.code,
            "is_overdue": found.is_overdue(business_date.current()), **{name: getattr(found, name) for name in same}}


def _move(row: CustodyMove) -> dict[str, Any]:
    same = ("verb", "moved_on", "moved_at", "holder", "reason", "due_back")
    return {"moved_by": row.moved_by_name, **{name: getattr(row, name) for name in same}}


def _take(take: StockTake) -> dict[str, Any]:
    same = ("number", "status", "opened_at", "closed_at", "expected_count", "found_count", "missing_count", "surplus_count")
    return {"branch_code": take.branch.code, "opened_by": take.opened_by_name, "closed_by": take.closed_by_name,
            **{name: getattr(take, name) for name in same}}


def _difference(found: Found) -> dict[str, Any]:
    return {"kind": found.kind, "barcode": found.code, "item_status": found.item.status if found.item else ""}
