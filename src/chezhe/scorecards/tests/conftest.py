"""Models trained once for the tests of this room."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.scorecards.tests.makers import trained, used_cars


@pytest.fixture(scope="session")
def a_card() -> Any:
    """A trained scorecard with its making."""
    return trained()


@pytest.fixture(scope="session")
def a_boosting() -> Any:
    """A trained boosting model with its making."""
    return trained(kind="boosting")


@pytest.fixture(scope="session")
def a_valuation() -> Any:
    """A trained price model with its making."""
    from chezhe.scorecards import valuation_training
    from chezhe.scorecards.training import Options

    return valuation_training.train(used_cars(2500), Options(kind="valuation", target="price"))
