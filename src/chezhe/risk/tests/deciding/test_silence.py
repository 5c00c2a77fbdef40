"""Who sells may not learn that a list names somebody: no page, panel, list or answer of the API tells them, nor does the notice."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast
from chezhe.kernel import clock
from chezhe.risk.deciding import reasons
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.papers.notice import NO_REASON
from chezhe.risk.tests.deciding.telling import asking, decided, tell

pytestmark = pytest.mark.usefixtures("house")
SUBJECT = "application:A26-000001-8"
ENQUIRY = "<[a-z]+[^>]*>反洗钱名单</"
TELLING = ("R22", "反洗钱", "watch_list_hit", "parties_listed", "不得告知客户")


@pytest.fixture
def listed(cast: Cast) -> Decision:
    """Wang is on a list and under enforcement."""
    wang = person(WANG, cast.lin)
    tell(wang, SUBJECT, SUBJECT, watch_list_hit=True, has_enforcement=True)
    return decided(asking(wang, cast.lin), cast.lin)


def seen(client: Any, made: Decision) -> dict[str, str]:
    pages = [f"/risk/decisions/{made.number}/", f"/risk/panel/decisions/?subject={SUBJECT}", f"/risk/facts/?subject={made.customer.subject}"]
    api = [f"risk/decisions/{made.number}", "risk/decisions", f"risk/decisions/{made.number}/basis", f"risk/facts?subject={made.customer.subject}"]
    answers = {path: client.get(path) for path in pages} | {path: client.api(path) for path in api}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.content.decode() for path, answer in answers.items()}


def given_away(text: str) -> list[str]:
    """That the lists are asked about everybody may be read among the enquiries."""
    return [word for word in TELLING if word in re.sub(ENQUIRY, "", text)]


def test_who_sells_reads_every_reason_but_the_list(listed: Decision, cast: Cast, browser: Any) -> None:  # noqa: F811
    assert listed.reasons == ["R04", "R22"] and listed.outcome == "declined"
    for path, text in seen(browser.acts_as(cast.lin), listed).items():
        assert given_away(text) == [], path
    api = browser.api(f"risk/decisions/{listed.number}").json()
    basis = browser.api(f"risk/decisions/{listed.number}/basis").json()
    knockout = next(stage for stage in basis["stages"] if stage["name"] == "knockout")
    assert api["reasons"] == knockout["reasons"] == ["R04"] and len(knockout["rows"]) == 1
    assert "has_enforcement" in {one["code"] for one in basis["facts"]}


def test_who_reviews_reads_it(listed: Decision, cast: Cast, browser: Any) -> None:  # noqa: F811
    found = seen(browser.acts_as(cast.chen), listed)
    assert all("R22" in found[path] or "watch_list_hit" in found[path] or "反洗钱" in found[path] for path in found)
    assert len(json.loads(found[f"risk/decisions/{listed.number}/basis"])["stages"][1]["rows"]) == 2


def test_that_a_hit_waits_to_be_judged_is_not_told_either(cast: Cast, browser: Any) -> None:  # noqa: F811
    wang = person(WANG, cast.lin)
    tell(wang, SUBJECT, SUBJECT, without=("watch_list_hit",))
    made = decided(asking(wang, cast.lin), cast.lin)
    assert made.unknown == ["watch_list_hit"]
    for path, text in seen(browser.acts_as(cast.lin), made).items():
        assert given_away(text) == [], path


def test_an_appeal_does_not_show_the_list_among_what_changed(listed: Decision, cast: Cast, browser: Any) -> None:  # noqa: F811
    clock.tick(60)
    whom: Customer = listed.customer
    fact_steps.record_facts(SUBJECT, {"watch_list_hit": False}, source="bureau", known_at=clock.now() - timedelta(seconds=1))
    fact_steps.record_facts(whom.subject, {"watch_list_hit": False}, source="bureau", known_at=clock.now() - timedelta(seconds=1))
    made = decided(asking(whom, cast.lin, kind="appeal"), cast.lin)
    assert made.reasons == ["R04"]
    text = browser.acts_as(cast.lin).get(f"/risk/decisions/{made.number}/").content.decode()
    assert given_away(text) == []
    assert "反洗钱名单" in browser.acts_as(cast.chen).get(f"/risk/decisions/{made.number}/").content.decode()


def test_a_rejection_for_a_list_alone_is_told_in_words_that_others_share() -> None:
    alone, others = reasons.told(["R22"]), reasons.told(["R12"])
    assert alone == others == [NO_REASON] and reasons.told(["R04", "R22"]) == reasons.told(["R04"]) and reasons.told([]) == []
