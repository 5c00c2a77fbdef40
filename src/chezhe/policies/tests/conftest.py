from __future__ import annotations

from typing import Any

import pytest

from chezhe.compliance.tests.acting import ActingClient, acting_client
from chezhe.kernel.actor import Actor
from chezhe.policies.tests import acting


@pytest.fixture
def maker(db: None) -> Actor:
    return acting.maker()


@pytest.fixture
def checker(db: None) -> Actor:
    return acting.checker()


@pytest.fixture
def browser(settings: Any) -> ActingClient:
    """A client without sign-in; begin with `acts_as`."""
    return acting_client(settings)
