"""A branch begins to count its vault."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import stocktaking
from chezhe.contracts.models import StockTake
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.TAKE_STOCK, label=_("开始权证盘点"))
def open_stock_take(*, branch_code: str, by: Actor) -> StockTake:
    """Open a stock-take of a branch, one at a time. Raises NotFound (404) or StockTakeOpen (409)."""
    return stocktaking.begin(branch_code, by=by)
