from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from chezhe.approvals import steps as approval_steps
from chezhe.contracts.tests.printing import printed
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import BankAccount
from chezhe.customers.tests import filing
from chezhe.customers.values import PersonFacts
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, jobs, roles, simulators
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import actor, moment
from chezhe.ledger.tests.acting import browser  # noqa: F401
from chezhe.origination.models import Application
from chezhe.payments.vendors.bank.simulator import account_with_fate
from chezhe.products.models import ProductVersion
from chezhe.staff.models import Branch, Region, User
from chezhe.vehicles.tests import filing as cars

# After the cost sheet became a duty (2026-08-01).
TODAY = date(2026, 9, 1)
NOW = moment("2026-09-01 10:00")
CARD = filing.CARD_OTHER


@dataclass(frozen=True)
class Cast:
    """Lin sells, Rui reviews, Chen approves, He makes contracts, Fang and Gao pay out, Cai keeps the books."""

    branch: Branch
    lin: Actor
    rui: Actor
    chen: Actor
    he: Actor
    fang: Actor
    gao: Actor
    manager: Actor


def person(name: str, role: str, at: Branch, reach: Reach = Reach.BRANCH) -> Actor:
    user = User.objects.create(username=f"k-{name}", name=name, branch=at, created_at=NOW)
    return actor(name, role, user_id=user.pk, branch_id=at.pk, branch_ids=[at.pk], reach=reach)


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    region = Region.objects.get_or_create(code="T", defaults={"name": "测试区"})[0]
    branch = Branch.objects.get_or_create(code="T01", defaults={"name": "城东店", "region": region})[0]
    with clock.at(NOW):
        business_date.open_day(TODAY)
        yield Cast(
            branch, lin=person("林", roles.SALES, branch), rui=person("芮", roles.REVIEWER, branch), chen=person("陈", roles.APPROVER, branch),
            he=person("何", roles.COLLATERAL_OPS, branch), fang=person("方", roles.FUNDING, branch), gao=person("高", roles.FUNDING, branch),
            manager=person("马", roles.BRANCH_MGR, branch),
        )


@pytest.fixture(autouse=True)
def vault(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def bank() -> Iterator[World]:
    """The simulated bank in this process, jobs in line."""
    with jobs.in_line(), simulators.in_process() as world:
        world.set_faults("bank", duplicate_rate=0, delay_seconds=(1, 1))
        yield world


def scan(seed: int = 0) -> SimpleUploadedFile:
    """A photo of a signed page; each one different."""
    out = io.BytesIO()
    Image.new("RGB", (40, 60), (seed % 256, seed // 256 % 256, 120)).save(out, "PNG")
    return SimpleUploadedFile("签字页.png", out.getvalue())


def accepted(cast: Cast, *, card: str = CARD, who: PersonFacts = filing.WANG, **changes: Any) -> Application:
    """An application that Rui reviewed, Chen approved and the customer accepted."""
    customer = filing.person(who, cast.lin)
    customer_steps.add_account(customer, kind="card", card_number=card, bank_name="某银行上海分行")
    car = cars.vehicle(cars.USED, customer, cast.lin)
    car.valuations.create(source="in_house", amount=Money(10_000_000), valued_on=TODAY, recorded_at=NOW, recorded_by_name="评估")
    request = approval_steps.open_request(
        kind="testing.case", subject="testing:x", title="x", maker_ids=[cast.lin.user_id], branch_id=cast.branch.pk,
        stages=[{"role": roles.REVIEWER}, {"role": roles.APPROVER}], by=cast.lin,
    )
    for voter in (cast.rui, cast.chen):
        with transaction.atomic():
            approval_steps.cast_vote(request_number=request.number, verdict="agree", by=voter)
    said = {
        "number": "A26-000001-0", "status": "accepted", "customer": customer, "vehicle": car, "branch": cast.branch,
        "product_version": ProductVersion.objects.filter(product__code="P02").latest("version"), "owner_id": cast.lin.user_id,
        "approval": request, "purpose": "purchase", "price": Money(9_800_000), "amount": Money(6_000_000), "periods": 24,
        "annual_rate": Decimal("0.108"), "approval_expires_on": TODAY + timedelta(days=30), "maker_ids": [cast.lin.user_id],
        "created_at": NOW, "changed_at": NOW, **changes,
    }
    return Application.objects.create(**said)


def another_account(application: Application, fate: str = "") -> BankAccount:
    """A second account of the borrower's."""
    number = account_with_fate(fate) if fate else filing.CARD
    return customer_steps.add_account(application.customer, kind="card", card_number=number, bank_name="另一家银行", is_main=False)


def live(world: World, seconds: int = 15) -> None:
    """Let time pass: jobs run, callbacks arrive, news is delivered."""
    from chezhe.kernel import events

    for _ in range(0, seconds, 3):
        jobs.run_due()
        world.pump()
        events.deliver_all()
        clock.tick(3)


@pytest.fixture
def signed(cast: Cast) -> Callable[..., str]:
    """Bring an application to a signed contract whose car is registered, and give its number."""
    from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
    from chezhe.contracts.actions.prepare_contract import prepare_contract
    from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
    from chezhe.contracts.actions.sign_contract import sign_contract

    def make(*, until: str = "registered", application: Application | None = None) -> str:
        application = application or accepted(cast)
        day = {"business_date": TODAY, "by": cast.he}
        contract = prepare_contract(application_number=application.number, **day)
        printed(contract.number)
        if until == "prepared":
            return contract.number
        confirm_cost_sheet(contract_number=contract.number, confirmed_on=TODAY, channel="counter", evidence=scan(1), **day)
        signers = [party.customer.number for party in contract.parties.all()]
        sign_contract(contract_number=contract.number, signers=signers, signed_on=TODAY, channel="counter", evidence=scan(2), **day)
        if until == "registered":
            said = Registration(office="上海市车辆管理所", receipt_number="HD20260901001", registered_on=TODAY)
            register_mortgage(contract_number=contract.number, registration=said, evidence=scan(3), **day)
        return contract.number

    return make

