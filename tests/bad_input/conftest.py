"""A running loan of the team's, made by hand: the walk to it is shown elsewhere."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, WANG, person
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.models import Loan
from chezhe.servicing.tests import lending
from chezhe.staff import steps as staff_steps
from tests.journeys.house import TODAY, Team


@pytest.fixture(autouse=True)
def own_upload_folder(tmp_path: Path, settings: Any) -> None:
    """What an upload leaves half way is seen here, and nobody else's."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    settings.FILE_UPLOAD_TEMP_DIR = str(folder)


@pytest.fixture
def wang(team: Team) -> Customer:
    """A customer of Lin's with a card."""
    customer = person(WANG, staff_steps.actor_for(team.people["lin"], clock.now()))
    customer_steps.add_account(customer, kind="card", card_number=CARD, bank_name="某银行")
    return customer


@pytest.fixture
def loan(team: Team, wang: Customer) -> Loan:
    """100 000.00 at 12 % over 36 months, paid out today."""
    return lend_to(team, wang)


def lend_to(team: Team, customer: Customer) -> Loan:
    """The worked case of the servicing room, by the team's people."""
    lin, cai = (staff_steps.actor_for(team.people[name], clock.now(), stepped_up_at=clock.now()) for name in ("lin", "cai"))
    lending._plain_product()
    bank: Any = SimpleNamespace(cast=SimpleNamespace(lin=lin, east=team.east), fang=cai, wang=customer)
    made = lending.contract(bank, lending.with_plan(start_date=TODAY))
    return activate_loan(contract_number=made.number, amount=made.principal, paid_on=TODAY, by=SYSTEM)
