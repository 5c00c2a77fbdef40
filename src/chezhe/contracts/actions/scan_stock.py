"""A barcode is read while a vault is counted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import stocktaking
from chezhe.contracts.models import StockTake
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.TAKE_STOCK, label=_("盘点扫码"))
def scan_stock(*, stock_take_number: str, barcode: str, by: Actor) -> StockTake:
    """Note that something lies in the vault; read twice it is noted once, and one that nobody knows is noted, too. Raises NotFound (404),
    WrongState (409) or Invalid (422)."""
    take = StockTake.objects.visible_to(by).lock(stock_take_number)
    stocktaking.scan(take, barcode, by=by)
    return take
