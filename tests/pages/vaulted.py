"""Papers and keys in the vaults of the sample, and two stock-takes."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from chezhe.contracts.actions.close_stock_take import close_stock_take
from chezhe.contracts.actions.keep_item import keep_item
from chezhe.contracts.actions.lend_item import lend_item
from chezhe.contracts.actions.open_stock_take import open_stock_take
from chezhe.contracts.actions.scan_stock import scan_stock
from chezhe.contracts.collateral.custody import Handed, Kept
from chezhe.contracts.models import Contract, GpsDevice
from chezhe.contracts.steps import ask_release, mortgage_of
from chezhe.kernel.actor import Actor
from chezhe.staff.models import Branch


def vault(by: Actor, today: date) -> None:
    """Three more certificates, one of them lent; one branch is being counted, another has been."""
    without = Contract.objects.filter(status="effective").exclude(custody__kind="certificate").order_by("pk")
    for place, contract in enumerate(without[:3]):
        kept = Kept(kind="certificate", serial=f"3100{place:08d}", place="1 号柜")
        item = keep_item(contract_number=contract.number, kept=kept, business_date=today, by=by)
    for contract in Contract.objects.filter(status="effective", mortgage__status="registered").order_by("-pk")[:2]:
        with transaction.atomic():
            ask_release(mortgage_of(contract), "测试", by=by)
    for place, contract in enumerate(Contract.objects.filter(status="effective").order_by("pk")[:2]):
        GpsDevice.objects.create(contract=contract, device_number=f"GPS-{place}", installed_on=today, installed_by_name="全")
    handed = Handed(holder="车管所窗口", reason="办理登记", due_back=today + timedelta(days=2))
    lend_item(item_number=item.number, handed=handed, business_date=today, by=by)
    for place, branch in enumerate(Branch.objects.order_by("pk")[:2]):
        take = open_stock_take(branch_code=branch.code, by=by)
        scan_stock(stock_take_number=take.number, barcode=f"NOPE-{place}", by=by)
    close_stock_take(stock_take_number=take.number, by=by)
