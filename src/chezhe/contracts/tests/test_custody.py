"""The vault: nothing is here twice, nothing is out twice, every move is written down, and a count says what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from chezhe.contracts.actions.close_stock_take import close_stock_take
from chezhe.contracts.actions.give_back_item import give_back_item
from chezhe.contracts.actions.hand_out_item import hand_out_item
from chezhe.contracts.actions.keep_item import keep_item
from chezhe.contracts.actions.lend_item import lend_item
from chezhe.contracts.actions.open_stock_take import open_stock_take
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.release_unused_mortgage import release_unused_mortgage
from chezhe.contracts.actions.scan_stock import scan_stock
from chezhe.contracts.collateral import custody, errors, stocktaking
from chezhe.contracts.collateral.custody import Handed, Kept
from chezhe.contracts.models import CustodyItem, CustodyMove, StockTake, StockTakeFinding
from chezhe.contracts.tests.conftest import TODAY, Cast, person, scan
from chezhe.kernel import business_date, clock, roles, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.testing import WU, moment
from chezhe.staff.models import Branch, Region

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=3)
BORROWED = Handed(holder="车管所窗口 李", reason="办理变更登记", due_back=SOON)
GIVEN = Handed(holder="王小明", reason="抵押已解除")


def certificate(number: str, by: Actor, **changes: Any) -> CustodyItem:
    kept = Kept(**{"kind": "certificate", "serial": "310012345678", "place": "3 号柜", **changes})
    return keep_item(contract_number=number, kept=kept, business_date=TODAY, by=by)


def lend(item: CustodyItem, by: Actor, handed: Handed = BORROWED) -> CustodyItem:
    return lend_item(item_number=item.number, handed=handed, business_date=TODAY, by=by)


def back(item: CustodyItem, by: Actor) -> CustodyItem:
    return give_back_item(item_number=item.number, business_date=TODAY, by=by)


def west(name: str = "西") -> Actor:
    return person(name, roles.COLLATERAL_OPS, Branch.objects.create(code="W01", name="城西店", region=Region.objects.get(code="T")))


def freed(number: str, cast: Cast) -> None:
    """The deal fell through: the mortgage is off the car."""
    release_unused_mortgage(contract_number=number, reason="客户放弃", by=cast.he)
    record_release(contract_number=number, receipt_number="JY1", released_on=TODAY, evidence=scan(41), business_date=TODAY, by=cast.he)


def test_in_lent_back_and_out_each_with_who_whom_and_why(cast: Cast, signed: Any) -> None:
    number = signed()
    item = certificate(number, cast.he)
    assert (item.status, item.serial, item.branch_id) == ("kept", "310012345678", cast.branch.pk)
    assert lend(item, cast.he).status == "lent"
    assert back(item, cast.he).status == "kept"
    freed(number, cast)
    out = hand_out_item(item_number=item.number, handed=GIVEN, business_date=TODAY, by=cast.he)
    assert (out.status, out.holder, out.due_back) == ("out", "王小明", None)
    rows = [(m.verb, m.holder, m.reason, m.due_back, m.moved_by_name, m.moved_on) for m in CustodyMove.objects.filter(item=item)]
    assert rows == [
        ("keep", "", "", None, "何", TODAY), ("lend", BORROWED.holder, BORROWED.reason, SOON, "何", TODAY),
        ("give_back", BORROWED.holder, "", None, "何", TODAY), ("hand_out", "王小明", "抵押已解除", None, "何", TODAY)]


def test_nothing_is_out_twice_and_nothing_comes_back_that_is_here(cast: Cast, signed: Any) -> None:
    item = certificate(signed(), cast.he)
    with pytest.raises(WrongState):
        back(item, cast.he)
    lend(item, cast.he)
    for verb in (lambda: lend(item, cast.he), lambda: hand_out_item(item_number=item.number, handed=GIVEN, business_date=TODAY, by=cast.he)):
        with pytest.raises(WrongState):
            verb()
    assert CustodyMove.objects.filter(item=item).count() == 2


def test_a_certificate_is_kept_once_and_does_not_leave_a_mortgaged_car(cast: Cast, signed: Any) -> None:
    number = signed()
    item = certificate(number, cast.he)
    with pytest.raises(errors.CertificateKept):
        certificate(number, cast.he, serial="310087654321")
    assert certificate(number, cast.he, kind="key", serial="主钥匙").kind == "key", "keys are several"
    with pytest.raises(errors.StillMortgaged):
        hand_out_item(item_number=item.number, handed=GIVEN, business_date=TODAY, by=cast.he)


def test_what_is_filled_in_wrongly_is_refused(cast: Cast, signed: Any) -> None:
    number = signed()
    for said in ({"kind": "car"}, {"serial": ""}, {"serial": "1" * 41}, {"place": "柜" * 41}):
        with pytest.raises(Invalid):
            certificate(number, cast.he, **said)
    item = certificate(number, cast.he)
    for handed, refusal in (
        (Handed(holder="", reason="办理变更登记", due_back=SOON), Invalid), (Handed(holder="李", reason=" ", due_back=SOON), ReasonRequired),
        (Handed(holder="李", reason="办理", due_back=None), Invalid), (Handed(holder="李", reason="办理", due_back=date(2026, 8, 31)), Invalid),
        (Handed(holder="李", reason="办理", due_back=TODAY + timedelta(days=16)), Invalid),
    ):
        with pytest.raises(refusal):
            lend(item, cast.he, handed)
    assert CustodyItem.objects.get(pk=item.pk).status == "kept"


def test_the_history_only_grows(cast: Cast, signed: Any) -> None:
    certificate(signed(), cast.he)
    for change in (lambda: CustodyMove.objects.update(reason="改"), lambda: CustodyMove.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_who_may_not(cast: Cast, signed: Any, browser: Any) -> None:
    item = certificate(signed(), cast.he)
    for nobody in (cast.lin, cast.fang, cast.manager, WU):
        with pytest.raises(NotPermitted):
            lend(item, nobody)
    other = west()
    with pytest.raises(NotFound):
        lend(item, other)
    with pytest.raises(NotFound):
        open_stock_take(branch_code="T01", by=other)
    browser.acts_as(other)
    assert browser.get(reverse("contracts:custody_item", args=[item.number])).status_code == 404
    assert browser.get(reverse("contracts:custody_label", args=[item.number])).status_code == 404
    assert item.number not in browser.get(reverse("contracts:vault")).content.decode()
    assert custody.found_by(item.number, other) is None
    assert browser.acts_as(cast.lin).get(reverse("contracts:vault")).status_code == 403


def test_what_is_overdue_stands_on_the_list_and_in_the_pile(cast: Cast, signed: Any, browser: Any) -> None:
    item = lend(certificate(signed(), cast.he), cast.he)
    pile = worklist.PILES["contracts.lent"]
    waiting = pile.first(cast.he, 5)
    assert pile.count(cast.he) == 1 and pile.late is not None and waiting[0].due_at is not None
    assert (pile.late(cast.he, waiting[0].due_at), pile.late(cast.he, waiting[0].due_at + timedelta(days=1))) == (0, 1)
    browser.acts_as(cast.he)
    overdue = reverse("contracts:vault") + "?due=overdue"
    assert item.number not in browser.get(overdue).content.decode()
    with clock.at(moment("2026-09-08 10:00")):
        business_date.open_day(date(2026, 9, 8))
        page = browser.get(overdue).content.decode()
        assert item.number in page and "已逾期 4 天" in page
        assert browser.api("contracts/custody?overdue=true").json()["items"][0]["is_overdue"]


# ---- counting -------------------------------------------------------------------------------------------------


def test_a_count_finds_what_is_missing_and_what_is_too_much(cast: Cast, signed: Any) -> None:
    number = signed()
    here, missing, away = certificate(number, cast.he), certificate(number, cast.he, kind="key"), certificate(number, cast.he, kind="paper")
    lend(away, cast.he)
    take = open_stock_take(branch_code="T01", by=cast.manager)
    with pytest.raises(errors.StockTakeOpen):
        open_stock_take(branch_code="T01", by=cast.he)
    for code in (here.number, f" {here.number.lower()} ", away.number, "SOMETHING-ELSE"):
        scan_stock(stock_take_number=take.number, barcode=code, by=cast.he)
    for wrong in ("", " ", "权证", "X" * 41):
        with pytest.raises(Invalid):
            scan_stock(stock_take_number=take.number, barcode=wrong, by=cast.he)
    live = {(one.kind, one.code) for one in stocktaking.differences(StockTake.objects.get())}
    assert live == {("missing", missing.number), ("surplus", away.number), ("surplus", "SOMETHING-ELSE")}
    closed = close_stock_take(stock_take_number=take.number, by=cast.he)
    assert (closed.expected_count, closed.found_count, closed.missing_count, closed.surplus_count) == (2, 3, 1, 2)
    back(away, cast.he)
    assert {(one.kind, one.code) for one in stocktaking.differences(closed)} == live, "it stays as it was found"
    assert StockTakeFinding.objects.get(code=away.number).status_then == "lent"
    for late in (lambda: close_stock_take(stock_take_number=take.number, by=cast.he),
                 lambda: scan_stock(stock_take_number=take.number, barcode="A1", by=cast.he)):
        with pytest.raises(WrongState):
            late()
    assert open_stock_take(branch_code="T01", by=cast.he).number != take.number


def test_by_page(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed()
    browser.acts_as(cast.he)
    keep = reverse("contracts:keep_item", args=[number])
    assert browser.get(keep).status_code == 200 and browser.post(keep, {"kind": "certificate"}).status_code == 422
    said = {"kind": "certificate", "serial": "310012345678", "place": "3 号柜"}
    answers = [browser.post(keep, {**said, "_once": "twice"}).status_code for _ in range(2)]
    assert answers == [302, 302] and CustodyItem.objects.count() == 1, "a double click keeps one"
    item = CustodyItem.objects.get()
    page = reverse("contracts:custody_item", args=[item.number])

    def post(name: str, **said: Any) -> Any:
        return browser.post(reverse(f"contracts:{name}", args=[item.number]), {**said, "_once": uuid4().hex})

    assert "借给谁" in browser.get(page).content.decode() and "310012345678" in browser.get(reverse("contracts:vault")).content.decode()
    assert "functools" not in browser.get(reverse("contracts:vault")).content.decode()
    assert item.number in browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert post("lend_item", holder="", due_back=SOON.isoformat(), reason="办理").status_code == 422
    assert post("lend_item", holder="车管所", due_back=SOON.isoformat(), reason="办理").status_code == 302
    twice = post("lend_item", holder="车管所", due_back=SOON.isoformat(), reason="办理")
    assert twice.status_code == 422 and "目前为" in twice.content.decode()
    assert "还剩 3 天" in browser.get(page).content.decode()
    assert post("give_back_item").status_code == 302
    assert post("hand_out_item", holder="王", reason="结清").status_code == 422, "the car is mortgaged"
    label = browser.get(reverse("contracts:custody_label", args=[item.number]))
    assert label["Content-Type"].startswith("image/svg+xml") and item.number in label.content.decode()
    find = reverse("contracts:custody_scan")
    assert browser.get(find).status_code == 200
    for typed in (item.number.lower(), "310012345678"):
        assert browser.get(find, {"barcode": typed}).headers["Location"] == page
    assert "没有找到条码" in browser.get(find, {"barcode": "QZ26-999999-1"}).content.decode()


def test_a_count_by_page(cast: Cast, signed: Any, browser: Any) -> None:
    item = certificate(signed(), cast.he)
    browser.acts_as(cast.he)
    begin = reverse("contracts:open_stock_take")
    assert browser.get(begin).status_code == 200 and browser.post(begin, {"branch_code": "NO"}).status_code == 422
    assert browser.post(begin, {"branch_code": "T01", "_once": uuid4().hex}).status_code == 302
    take = StockTake.objects.get()
    page = reverse("contracts:stock_take", args=[take.number])
    assert item.number in browser.get(page).content.decode(), "missing as long as it was not read"
    scan_it = reverse("contracts:scan_stock", args=[take.number])
    assert browser.post(scan_it, {"barcode": "权"}).status_code == 422
    assert browser.post(scan_it, {"barcode": item.number, "_once": uuid4().hex}).status_code == 302
    assert "没有差异" in browser.get(page).content.decode()
    close = reverse("contracts:close_stock_take", args=[take.number])
    assert browser.post(close, {"_once": uuid4().hex}).status_code == 302
    assert browser.post(close, {"_once": uuid4().hex}).status_code == 422
    assert take.number in browser.get(reverse("contracts:stock_takes")).content.decode()


def test_by_api(cast: Cast, signed: Any, browser: Any) -> None:
    number = signed()
    browser.acts_as(cast.he)
    made = browser.api(f"contracts/contracts/{number}/custody", {"kind": "key", "serial": "备用钥匙"})
    assert made.status_code == 201
    code = made.json()["number"]
    lent = browser.api(f"contracts/custody/{code}/lend", {"holder": "评估师", "reason": "试车", "due_back": SOON.isoformat()})
    assert (lent.json()["status"], lent.json()["due_back"]) == ("lent", SOON.isoformat())
    assert browser.api(f"contracts/custody/{code}/lend", {"holder": "甲", "reason": "试车", "due_back": SOON.isoformat()}).status_code == 409
    assert browser.api(f"contracts/custody/{code}/give-back", {"place": "1 号柜"}).json()["place"] == "1 号柜"
    assert browser.api(f"contracts/custody/{code}/hand-out", {"holder": "王", "reason": "结清"}).json()["code"] == "still_mortgaged"
    assert [row["verb"] for row in browser.api(f"contracts/custody/{code}/moves").json()["items"]] == ["give_back", "lend", "keep"]
    assert browser.api(f"contracts/custody?barcode={code.lower()}").json()["items"][0]["number"] == code
    take = browser.api("contracts/stock-takes", {"branch_code": "T01"}).json()["number"]
    assert browser.api(f"contracts/stock-takes/{take}/differences").json()["items"][0]["barcode"] == code
    assert browser.api(f"contracts/stock-takes/{take}/scans", {"barcode": code}).status_code == 200
    assert browser.api(f"contracts/stock-takes/{take}/close", {}).json()["missing_count"] == 0
    assert browser.api(f"contracts/stock-takes/{take}").json()["status"] == "closed"
    assert len(browser.api("contracts/stock-takes?status=closed").json()["items"]) == 1
