"""The products a plan may name. This room stands below the products: they say at start-up which there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Products = Callable[[], list[tuple[str, Any]]]
_known: list[Products] = []


def register(products: Products) -> None:
    """`products()` gives code and name of each. Call it in `AppConfig.ready`; registering again replaces it."""
    _known[:] = [products]


def products() -> list[tuple[str, Any]]:
    """Code and name of each product; none in a house without products."""
    return [pair for told in _known for pair in told()]


def name_of(code: str) -> Any:
    """What people call a product; its code when nobody knows it."""
    return dict(products()).get(code, code)
