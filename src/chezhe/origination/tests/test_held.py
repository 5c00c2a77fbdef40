"""A verdict on an application may be taken back for some seconds, with all that was said beside it, and the verbs stand on its page."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.approvals.actions.hold_verdict import hold_verdict
from chezhe.approvals.actions.undo_verdict import undo_verdict
from chezhe.approvals.models import HeldVerdict
from chezhe.kernel.errors import Invalid, NotPermitted
from chezhe.origination.tests.asking import House, let_count, submitted

pytestmark = pytest.mark.django_db


def test_what_was_said_beside_the_verdict_counts_with_it(house: House, browser: Any) -> None:
    made = submitted(house)
    url = f"/origination/{made.number}/review/"
    said = {"verdict": "return", "opinion": "流水不连续", "wanted": "近六个月流水\n收入证明\n"}
    assert browser.acts_as(house.chen).post(url, said)["Location"] == url
    held = HeldVerdict.objects.get()
    assert held.more == {"wanted": said["wanted"]} and held.status == "held"
    made.refresh_from_db()
    assert made.status == "first_review"
    let_count()
    made.refresh_from_db()
    assert made.status == "supplement" and [item.words for item in made.wanted.order_by("pk")] == ["近六个月流水", "收入证明"]


def test_taken_back_nothing_has_happened_and_it_may_be_given_again(house: House, browser: Any) -> None:
    made = submitted(house)
    url = f"/origination/{made.number}/review/"
    client = browser.acts_as(house.chen)
    client.post(url, {"verdict": "reject", "opinion": "手快了"})
    bars = client.get(f"/approvals/{made.approval.number}/handling/").content.decode()
    assert "还没有生效" in bars and "撤销意见" in bars
    twice = client.post(url, {"verdict": "agree", "opinion": "改主意"})
    assert twice.status_code in (403, 409)
    assert client.post(f"/approvals/{made.approval.number}/undo/")["Location"] == url
    let_count()
    made.refresh_from_db()
    assert made.status == "first_review"
    client.post(url, {"verdict": "agree", "opinion": "核实无误"})
    let_count()
    made.refresh_from_db()
    assert made.status == "final_review"


def test_the_verbs_stand_on_the_page_of_the_case(house: House, browser: Any) -> None:
    made = submitted(house)
    page = browser.acts_as(house.chen).get(f"/origination/{made.number}/review/").content.decode()
    panel = f"/approvals/{made.approval.number}/handling/"
    assert panel in page
    verbs = browser.get(panel).content.decode()
    assert all(verb in verbs for verb in ("转审", "加签", "抄送", "回避", "暂停计时"))
    assert "加签" not in browser.acts_as(house.zhou).get(panel).content.decode(), "not this stage's"


def test_what_the_page_would_not_take_is_refused_from_outside_too(house: House) -> None:
    made = submitted(house)
    asked = {"request_number": made.approval.number, "verdict": "agree", "by": house.chen}
    with pytest.raises(Invalid) as refused:
        hold_verdict(**asked, more={"amount": "很多"})
    assert refused.value.field == "amount" and not HeldVerdict.objects.exists()
    with pytest.raises(NotPermitted):
        hold_verdict(**{**asked, "by": house.lin})
    hold_verdict(**asked)
    undo_verdict(request_number=made.approval.number, by=house.chen)
    assert HeldVerdict.objects.get().status == "undone"
