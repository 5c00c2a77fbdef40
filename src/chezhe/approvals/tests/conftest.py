"""The kinds of approval that these tests invent are gone after each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chezhe.approvals import kinds


@pytest.fixture(autouse=True)
def kinds_of_the_house() -> Iterator[None]:
    before = dict(kinds.KINDS)
    yield
    kinds.KINDS.clear()
    kinds.KINDS.update(before)
