"""The same over REST."""

from datetime import date

import pytest

from chezhe.compliance import queries, steps
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db
SUBJECT = "probe:P1"
FIGURE = {"code": "LPR1Y", "value": "0.029", "effective_from": "2026-03-20", "source": "公布", "reason": "下调"}
LOAN = {"amount": "100000.00", "price_base": "150000.00", "term_months": 36, "annual_rate": "0.1188", "all_in_simple": "0.1188",
        "all_in_compound": "0.1190", "penalty_multiple": "1.5"}


def test_figures_are_read_proposed_and_agreed(cast, browser):
    client = browser.acts_as(cast["he"])
    rows = client.api("compliance/parameters?q=LPR1Y").json()["items"]
    assert {(r["code"], r["value"], r["status"]) for r in rows} >= {("LPR1Y", "0.0300", "in_force")}
    assert len(client.api("compliance/parameters/LPR1Y").json()["items"]) == 13
    assert client.api("compliance/parameters/NO_SUCH").status_code == 404
    proposed = client.api("compliance/parameter-changes", FIGURE)
    number = proposed.json()["number"]
    assert proposed.status_code == 201 and client.api(f"compliance/parameter-changes/{number}/approve", {}).json()["code"] == "same_person"
    agreed = browser.acts_as(cast["gao"]).api(f"compliance/parameter-changes/{number}/approve", {"opinion": "同意"})
    assert agreed.json()["status"] == "approved" and Parameter.objects.filter(effective_from=date(2026, 3, 20)).exists()
    assert client.api("compliance/parameter-changes").json()["items"][0]["number"] == number


def test_a_figure_is_refused_with_code_and_field(cast, browser):
    client = browser.acts_as(cast["he"])
    refused = client.api("compliance/parameter-changes", {**FIGURE, "value": "a lot"})
    assert (refused.status_code, refused.json()["field"]) == (422, "value")
    assert client.api("compliance/parameter-changes", {**FIGURE, "vlaue": "1"}).json()["errors"][0]["code"] == "extra_forbidden"
    number = client.api("compliance/parameter-changes", FIGURE).json()["number"]
    rejected = browser.acts_as(cast["gao"]).api(f"compliance/parameter-changes/{number}/reject", {"opinion": "尚未公布"})
    assert rejected.json()["status"] == "rejected"


def test_the_lender_is_read_and_changed_by_two(cast, browser):
    client = browser.acts_as(cast["he"])
    now = client.api("compliance/lender").json()
    assert now["licence_type"] == "mcc" and now["net_assets"] == "500000000.00"
    made = client.api("compliance/lender-changes", {**now, "region": "310000", "reason": "迁址"})
    assert made.status_code == 201
    again = client.api("compliance/lender-changes", {**now, "region": "320000", "reason": "迁址"})
    browser.acts_as(cast["gao"]).api(f"compliance/lender-changes/{made.json()['number']}/approve", {})
    browser.api(f"compliance/lender-changes/{again.json()['number']}/reject", {"opinion": "重复"})
    assert queries.lender().region == "310000"


def test_a_loan_is_checked_against_the_caps(cast, browser):
    client = browser.acts_as(cast["lin"])
    assert client.api("compliance/pricing-checks", LOAN).json() == {"is_allowed": True, "findings": []}
    dear = client.api("compliance/pricing-checks", {**LOAN, "all_in_simple": "0.2500"}).json()
    (block, *_rest) = dear["findings"]
    assert not dear["is_allowed"] and (block["code"], block["limit"], block["actual"]) == ("CAP_ALLIN_24", "0.24", "0.2500")
    assert "法发" in block["source"] and "25%" in block["sentence"]
    assert client.api("compliance/pricing-checks", {**LOAN, "usage": "racing"}).json()["field"] == "usage"
    assert client.api("compliance/pricing-checks", {**LOAN, "amount": 100000}).status_code == 422
    early = client.api("compliance/pricing-checks", {**LOAN, "on": "2001-01-01"})
    assert (early.status_code, early.json()["code"]) == (409, "parameter_missing")


def test_consents_contacts_and_blocks_of_a_subject(cast, browser):
    client = browser.acts_as(cast["lin"])
    given = {"subject": SUBJECT, "kind": "personal_info", "channel": "api", "evidence": "DOC-1"}
    assert client.api("compliance/consents", given).status_code == 201
    standing = {s["kind"]: s["is_in_force"] for s in client.api(f"compliance/consents/standing?subject={SUBJECT}").json()}
    assert standing["personal_info"] and not standing["marketing"]
    assert client.api("compliance/consents/withdraw", given).json()["is_granted"] is False
    assert [e["is_granted"] for e in client.api(f"compliance/consents?subject={SUBJECT}").json()["items"]] == [False, True]
    reserved = client.api("compliance/contacts", {"subject": SUBJECT, "channel": "voice", "purpose": "notice", "address": "15400000001"})
    number = reserved.json()["number"]
    assert client.api(f"compliance/contacts/{number}/outcome", {"outcome": "connected"}).json()["status"] == "completed"
    assert client.api(f"compliance/contacts?subject={SUBJECT}").json()["items"][0]["outcome"] == "connected"
    client = browser.acts_as(cast["he"])
    assert client.api("compliance/contact-blocks", {"subject": SUBJECT, "reason_code": "deceased"}).status_code == 201
    assert steps.may_contact(subject=SUBJECT, channel="sms", purpose="service").code == "contact_deceased"
    assert len(client.api(f"compliance/contact-blocks?subject={SUBJECT}").json()["items"]) == 1
    assert client.api("compliance/contact-blocks/lift", {"subject": SUBJECT, "reason_code": "deceased", "note": "误"}).status_code == 200


def test_holidays_and_the_register(cast, browser):
    client = browser.acts_as(cast["he"])
    assert {d["kind"] for d in client.api("compliance/calendar/2026").json()} == {"holiday", "shift"}
    assert client.api("compliance/calendar/9999").status_code == 404
    day = {"day": "2029-10-05", "kind": "holiday", "name": "国庆节", "source": "国办"}
    assert client.api("compliance/calendar-days", day).status_code == 200
    assert client.api("compliance/calendar/2029/confirm", {"source": "国办"}).json()["confirmed"] > 5
    for year in (0, 1_000_000, 76_201_019_286_172):
        assert client.api(f"compliance/calendar/{year}/confirm", {"source": "国办"}).json()["code"] == "year_not_provisional"
    fields = client.api("compliance/register?room=compliance&privacy_class=C2").json()["items"]
    assert {"room": "compliance", "model": "Consent", "field": "recorded_by_name", "privacy_class": "C2", "encrypted": False} in fields


@pytest.mark.parametrize(
    "path", ["parameters", "parameter-changes", "lender", f"consents?subject={SUBJECT}", f"contacts?subject={SUBJECT}", "register"]
)
def test_wu_and_strangers_are_refused(browser, path):
    assert browser.acts_as(WU).api(f"compliance/{path}").status_code == 403
    from chezhe.kernel.actor import ANONYMOUS

    assert browser.acts_as(ANONYMOUS).api(f"compliance/{path}").status_code == 401
