"""The API keeps its contract whatever is sent: no 5xx, no undocumented status, every answer as the document says."""

from __future__ import annotations

import pytest

from chezhe.kernel.simulators import World
from tests.journeys.house import Team
from tests.security import fuzz
from tests.security.populated import omnipotent, populate

pytestmark = pytest.mark.django_db
SHARES = 2


@pytest.mark.parametrize("share", range(SHARES))
def test_the_api_keeps_its_contract_whatever_is_sent(team: Team, bank: World, share: int) -> None:
    keeps_its_contract(team, bank, share, examples=3)


@pytest.mark.long
@pytest.mark.parametrize("share", range(SHARES))
def test_the_api_keeps_its_contract_for_long(team: Team, bank: World, share: int) -> None:
    keeps_its_contract(team, bank, share, examples=60)


def keeps_its_contract(team: Team, bank: World, share: int, *, examples: int) -> None:
    """Every second operation, so that the processes of a test run share the work."""
    names, token = populate(team, bank).names, omnipotent(team).token
    chosen = [operation for place, operation in enumerate(fuzz.operations()) if place % SHARES == share]
    assert len(chosen) > 80
    with fuzz.OneConnection():
        found = [failure for operation in chosen for failure in fuzz.failures(operation, names, token, examples)]
    assert not found, "\n\n".join(found)
    good = {label for label, _mode, status in fuzz.SEEN if status < 300}
    assert len(good & {operation.label for operation in chosen}) > len(chosen) // 4, "the fuzz no longer gets anywhere"
