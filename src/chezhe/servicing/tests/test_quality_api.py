"""Asset quality and provisions over REST."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import Reach
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass

pytestmark = pytest.mark.django_db
API = "/api/v1/servicing"


def asked(client: Any, path: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
    """The answer's JSON; a body makes it a POST."""
    headers = {"Idempotency-Key": f"{path}-{client.turn}"} if body is not None else {}
    client.turn += 1
    if body is None:
        answer = client.get(f"{API}/{path}", headers=headers)
    else:
        answer = client.post(f"{API}/{path}", json.dumps(body), content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def test_a_program_downgrades_asks_for_the_lift_and_reads_why(browser: Any, bank: Bank, loan: Loan) -> None:
    client = browser.acts_as(hire("荣", bank.cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH))
    client.turn = 0
    assert asked(client, f"loans/{loan.number}/quality")["asset_class"] == "normal"
    made = asked(client, f"loans/{loan.number}/downgrades", {"asset_class": "loss", "reason": "车辆灭失"}, 201)
    found = asked(client, f"loans/{loan.number}/quality")
    assert (found["asset_class"], found["stage"], found["reasons"]) == ("loss", 3, [{"reason": "by_hand", "asset_class": "loss"}])
    assert asked(client, f"loans/{loan.number}/downgrades", {"asset_class": "loss", "reason": "车辆灭失"}, 422)["code"] == "class_not_worse"
    assert asked(client, f"downgrades/{made['number']}/lift", {"reason": "车辆找回"})["status"] == "lift_asked"
    assert asked(client, "downgrades")["items"][0] == asked(client, f"downgrades/{made['number']}")


def test_a_program_runs_reads_posts_and_takes_back_a_provision(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 3))
    client = browser.acts_as(bank.fang)
    client.turn = 0
    assert asked(client, "provisions", {"as_of": "2026-01-30"}, 422)["code"] == "not_month_end"
    with jobs.in_line():
        number = asked(client, "provisions", {"as_of": "2026-01-31"}, 202)["number"]
        while jobs.run_due():
            clock.tick(1)
    found = asked(client, f"provisions/{number}")
    assert (found["status"], found["allowance"], found["ledger"]["difference"]) == ("computed", "1500.00", "0.00")
    assert found["movement"]["by_class"]["new"]["normal"] == found["summary"]["by_stage"]["1"]["allowance"] == 150_000
    line = asked(client, f"provisions/{number}/lines?stage=1")["items"][0]
    assert (line["loan"], line["allowance"], line["reasons"]) == (loan.number, "1500.00", {})
    assert asked(client, f"provisions/{number}/post", {}, 409)["code"] == "same_person"
    client = browser.acts_as(hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL))
    assert asked(client, f"provisions/{number}/post", {})["posted_on"] == "2026-01-31"
    assert asked(client, f"loans/{loan.number}/quality")["allowance"] == "1500.00"
    assert asked(client, f"provisions/{number}/reverse", {"reason": "参数有误"})["status"] == "reversed"
    assert asked(client, "provisions?status=reversed")["items"][0]["number"] == number
