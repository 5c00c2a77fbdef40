"""Reading what a loan costs, and signing, on the customer's own phone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from chezhe.contracts.costs.models import CostReading
from chezhe.contracts.models import Contract, Signing
from chezhe.contracts.tests.conftest import TODAY, Cast, cast, live, signed  # noqa: F401
from chezhe.contracts.tests.signing_desk import ready
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.kernel import clock, jobs, simulators
from chezhe.portal.tests.outside import account_of, browser_for
from chezhe.portal.tests.pages import at, field, in_english, phone, proved_for, text_of

pytestmark = pytest.mark.django_db
Signed = Callable[..., str]


def prepared(signed: Signed) -> Contract:  # noqa: F811
    return Contract.objects.select_related("customer", "application").get(number=signed(until="prepared"))


def test_the_costs_are_read_for_the_time_asked_and_confirmed_once(cast: Cast, signed: Signed) -> None:  # noqa: F811
    contract = prepared(signed)
    client = phone(contract.customer)
    assert "阅读并确认成本明示表" in text_of(client.get(at("case", contract.application.subject)))
    assert client.get(at("costs", contract.subject)).status_code == 200
    reading = client.post(at("open_costs", contract.subject))
    assert reading.status_code == 302
    mark = client.cookies["device"].value
    assert CostReading.objects.get().device_mark == hashlib.sha256(mark.encode()).hexdigest()
    page = client.get(reading["Location"])
    assert "秒后可以确认" in text_of(page) and 'name="code"' not in page.content.decode()
    sheet = contract.cost_sheets.get()
    hasty = client.post(reading["Location"], {"code": sheet.code})
    assert hasty.status_code == 409 and "还需" in text_of(hasty)
    clock.tick(11)
    page = client.get(reading["Location"])
    done = client.post(reading["Location"], {"code": field(page, "code"), "_once": field(page, "_once")})
    assert done.status_code == 302 and "/m/sign/" in done["Location"]
    contract.refresh_from_db()
    assert (contract.cost_sheet_on, contract.cost_sheet_channel) == (TODAY, "e_sign")
    confirmed = contract.cost_sheets.get().confirmation
    assert confirmed.dwell_seconds == 11 and confirmed.reading is not None and "客户" in confirmed.recorded_by_name
    again = client.post(reading["Location"], {"code": sheet.code})
    assert again.status_code == 409 and contract.cost_sheets.count() == 1
    assert "您已在" in text_of(client.get(at("costs", contract.subject)))
    assert "Cost" in in_english(client, at("costs", contract.subject))


def test_the_papers_are_read_and_signed_with_a_code_asked_for_this_contract(cast: Cast, signed: Signed) -> None:  # noqa: F811
    contract = ready(cast, signed)
    account = account_of(contract.customer)
    unproved, client = browser_for(account, stepped_up=True), None
    page = unproved.get(at("sign", contract.subject))
    assert page.status_code == 200 and "获取验证码" in text_of(page) and 'name="agrees"' not in page.content.decode()
    assert unproved.post(at("sign", contract.subject), {"agrees": "on"}).status_code == 403 and not Signing.objects.exists()
    client = proved_for(account, contract.subject)
    address = at("sign", contract.subject)
    page = client.get(address)
    papers = re.findall(r'href="(/m/sign/[^"]+/paper/)"', page.content.decode())
    assert papers and all(client.get(one).content[:5] == b"%PDF-" for one in papers)
    assert client.post(at("sign", contract.subject), {}).status_code == 422 and not Signing.objects.exists()
    form = {"agrees": "on", "_once": field(page, "_once")}
    with jobs.in_line(), simulators.in_process() as world:
        for _time in range(2):
            assert client.post(address, form).status_code == 302
        assert Signing.objects.count() == 1 and Signing.objects.get().channel == "portal"
        live(world, 6)
    assert "您的文件都已签署" in text_of(client.get(at("sign", contract.subject)))
    assert "have signed" in in_english(client, at("sign", contract.subject))
    assert client.post(at("sign", contract.subject), {"agrees": "on"}).status_code == 409


def test_signing_waits_for_the_costs(cast: Cast, signed: Signed) -> None:  # noqa: F811
    contract = prepared(signed)
    client = proved_for(account_of(contract.customer), contract.subject)
    assert "请先阅读并确认综合融资成本明示表" in text_of(client.get(at("sign", contract.subject)))
    assert client.post(at("sign", contract.subject), {"agrees": "on"}).status_code == 409 and not Signing.objects.exists()


@pytest.mark.parametrize("page", ["costs", "sign"])
def test_anothers_contract_is_not_there(page: str, cast: Cast, signed: Signed) -> None:  # noqa: F811
    contract = prepared(signed)
    other = phone(person(OUYANG, cast.lin))
    assert other.get(at(page, contract.subject)).status_code == 404
    assert other.post(at("open_costs", contract.subject)).status_code == 404
    sheet: Any = contract.cost_sheets.get()
    assert other.get(at("sign_paper", f"contract_paper:{contract.number}/{sheet.code}")).status_code == 404
    own = phone(contract.customer)
    reading = own.post(at("open_costs", contract.subject))["Location"]
    assert own.get(reading).status_code == 200 and other.get(reading).status_code == 404 and other.post(reading).status_code == 404
    assert Client().get(at(page, contract.subject))["Location"].startswith("/m/sign-in/")
