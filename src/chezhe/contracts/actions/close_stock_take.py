"""A vault is counted."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import stocktaking
from chezhe.contracts.models import StockTake
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.TAKE_STOCK, label=_("结束权证盘点"))
def close_stock_take(*, stock_take_number: str, by: Actor) -> StockTake:
    """Write down what is missing and what is too much; it stays as it was found. Raises NotFound (404) or WrongState (409)."""
    return stocktaking.close(StockTake.objects.visible_to(by).select_related("branch").lock(stock_take_number), by=by)
