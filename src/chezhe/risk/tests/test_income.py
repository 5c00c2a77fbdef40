"""Income of a person by two sources: asked only with consent, shown side by side, verified by the lower, and referred where both object."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from chezhe.compliance import steps as compliance
from chezhe.compliance.seeds import parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.documents.tests.people import Cast
from chezhe.invented import fates, person
from chezhe.invented.insured import insured_on
from chezhe.kernel import clock, jobs, outside
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.risk.actions.confirm_fact import confirm_fact
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.deciding import replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import burdens, earning, earnings, income_pages, queries, steps
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.tests.deciding.conftest import house  # noqa: F401
from chezhe.risk.tests.deciding.telling import asking, decided, tell

pytestmark = pytest.mark.django_db
SUBJECT = "application:A26-000001-8"
GOOD = fates.id_number(fates.GOOD)
INSURED = {
    "insured_now": True, "insured_by_employer": True, "insured_base_monthly": 1_200_000, "insured_base_capped": False,
    "insured_months_unbroken": 24,
}


@pytest.fixture
def good(cast: Cast) -> Customer:
    life = person(GOOD)
    job = life.job_on(date(2026, 3, 16))
    assert job is not None
    return filing.person(filing.PersonFacts(name=life.name, id_number=GOOD, mobile=life.mobile, employer=job.employer), cast.lin)


@pytest.fixture
def wang(cast: Cast) -> Customer:
    return filing.person(filing.WANG, cast.lin)


def ask_about(customer: Customer, by: Actor, *kinds: str) -> Any:
    for kind in kinds:
        compliance.grant(subject=customer.subject, kind=kind, on=date(2026, 3, 16), channel="paper", evidence="SQ-1", by=SYSTEM)
    wished = request_facts(subject=customer.subject, query_reason_code="loan_approval", services=("social_insurance",), by=by)
    while jobs.run_due():
        clock.tick(1)
    return wished


def told(customer: Customer, cast: Cast, declared: int | None = None, **insured: Any) -> Decision:
    """Everybody else says that this is a good case with 12,500 a month in wages."""
    at = clock.now()
    tell(customer, SUBJECT, SUBJECT)
    steps.record_facts(customer.subject, {"salary_months_6m": 6}, source="flow", known_at=at)
    if insured:
        steps.record_facts(customer.subject, {**INSURED, **insured}, source="social_insurance", known_at=at)
    if declared is not None:
        steps.record_facts(SUBJECT, {"income_declared_monthly": declared}, source="declared", known_at=at)
    made = decided(asking(customer, cast.lin), cast.lin)
    assert replaying.replay(made).is_same
    return made


def facts_of(made: Decision) -> dict[str, Any]:
    return {code: fact["value"] for code, fact in json.loads(made.record)["facts"].items()}


@pytest.mark.usefixtures("gathering_day")
def test_no_consent_no_question(good: Customer, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[object] = []
    post = outside.post
    monkeypatch.setattr(outside, "post", lambda service, *said, **more: sent.append(service) or post(service, *said, **more))
    wished = ask_about(good, officer, "credit_query")
    assert wished.without_consent == {"social_insurance": "personal_info"} and sent == [] and not Enquiry.objects.exists()
    ask_about(good, officer, "personal_info")
    assert sent == ["social_insurance"]


@pytest.mark.usefixtures("gathering_day")
def test_the_answer_becomes_facts_with_their_consent_and_the_page_shows_both_sources(
    good: Customer, officer: Actor, browser: Any
) -> None:
    parameters.sow()
    steps.record_facts(good.subject, {"income_statement_monthly": 980_000, "salary_months_6m": 6}, source="flow", known_at=clock.now())
    steps.record_facts(good.subject, {"income_declared_monthly": 1_000_000}, source="declared", known_at=clock.now())
    ask_about(good, officer, "personal_info")
    known, found = queries.known([good.subject], clock.now()), insured_on(person(GOOD), date(2026, 3, 16))
    assert found is not None and known["insured_base_monthly"].value == found.base_fen
    assert known["insured_employer_matches"].value is True and known["insured_base_monthly"].consent.startswith(good.subject)
    income = income_pages.income_of(good, clock.now())
    assert [one.amount for one in income.sources] == [1_000_000, 980_000, found.base_fen, found.fund_base_fen]
    assert (income.verified, income.is_contradicted) == (980_000, False) and str(income.gap) == "0.0204"
    panel = browser.acts_as(officer).get(f"/risk/proofs/?subject={good.subject}").content.decode()
    table = panel.partition("收入核实</h")[2].partition("</table>")[0]
    for said in ("银行流水", "社保缴费基数", "公积金缴存基数", "流水与社保", "2.04%", "9,800.00"):
        assert said in table, said
    assert table.count('class="num"') >= 10, "sums and differences stand at the right"


@pytest.mark.usefixtures("gathering_day")
def test_the_page_says_why_a_base_does_not_count(good: Customer, officer: Actor, browser: Any) -> None:
    for changes, said in (
        ({"insured_now": False}, "已停缴，不作依据"), ({"insured_by_employer": False}, "本人以灵活就业身份参保，不作依据"),
        ({"insured_months_unbroken": 1}, "连续缴费时间太短，不作依据"), ({"insured_base_capped": True}, "已达上限，实际收入可能更高"),
        ({"insured_employer_matches": False}, "缴费单位与申报的工作单位不同"),
    ):
        clock.tick(60)
        steps.record_facts(good.subject, {**INSURED, **changes}, source="social_insurance", known_at=clock.now())
        assert said in browser.acts_as(officer).get(f"/risk/proofs/?subject={good.subject}").content.decode()


@pytest.mark.usefixtures("gathering_day")
def test_a_burden_is_measured_on_the_verified_income(good: Customer) -> None:
    steps.record_facts(good.subject, {"income_statement_monthly": 1_000_000, "salary_months_6m": 6}, source="flow", known_at=clock.now())
    assert burdens.payer(good.subject, clock.now()).income == 1_000_000
    steps.record_facts(good.subject, {**INSURED, "insured_base_monthly": 400_000}, source="social_insurance", known_at=clock.now())
    assert burdens.payer(good.subject, clock.now()).income == 800_000


@pytest.mark.usefixtures("gathering_day")
def test_a_statement_that_was_refused_leaves_no_older_income_standing(good: Customer) -> None:
    """Facts of before have the statement's income as the verified one; a newer statement that proves nothing ends it everywhere."""
    steps.record_facts(good.subject, {"income_verified_monthly": 1_000_000}, source="flow", known_at=clock.now())
    assert burdens.payer(good.subject, clock.now()).income == 1_000_000
    clock.tick(60)
    steps.refuse_facts(good.subject, {"income_statement_monthly": "not_proved"}, source="flow", known_at=clock.now())
    at = clock.now()
    seen = queries.assembled([good.subject], at, earning.CODES)
    assert burdens.payer(good.subject, at).income is None and earnings.earned_each([good.subject], at)[good.subject].monthly is None
    shown = earnings.with_income(seen, at)
    assert "income_verified_monthly" not in shown.values and shown.unknown["income_verified_monthly"].reasons == ("not_proved",)
    income = income_pages.income_of(good, at)
    statement = next(one for one in income.sources if one.title == "银行流水")
    assert income.verified is None and statement.amount is None and "材料不足以证明" in statement.notes


@pytest.mark.usefixtures("house")
def test_a_refused_statement_leads_to_people_whatever_was_verified_before(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT)
    steps.refuse_facts(wang.subject, {"income_statement_monthly": "not_proved"}, source="flow", known_at=clock.now())
    made = decided(asking(wang, cast.lin), cast.lin)
    assert made.outcome == "referred" and "income_verified_monthly" in made.unknown
    assert json.loads(made.record)["facts"]["income_verified_monthly"]["fault"] == "not_proved"


@pytest.mark.usefixtures("house")
def test_a_statement_alone_is_enough(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast)
    kept = facts_of(made)
    assert (made.outcome, made.unknown) == ("approved", [])
    assert (kept["income_verified_monthly"], kept["income_source"], kept["income_contradicted"]) == (1_250_000, "statement", False)


@pytest.mark.usefixtures("house")
def test_a_wage_counts_up_to_so_many_times_the_base(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast, insured_base_monthly=500_000)
    kept = facts_of(made)
    assert (kept["income_verified_monthly"], kept["income_source"], kept["counted_income_monthly"]) == (1_000_000, "both", 1_000_000)
    assert kept["income_statement_monthly"] == 1_250_000, "what the statement shows stays beside it"
    assert {"INSURED_INCOME_MULTIPLE", "INCOME_CONFLICT_RATE"} <= {one["code"] for one in json.loads(made.record)["figures"]}


@pytest.mark.usefixtures("house")
def test_nothing_is_verified_beyond_what_was_declared(wang: Customer, cast: Cast) -> None:
    kept = facts_of(told(wang, cast, declared=1_000_000, insured_base_monthly=1_200_000))
    assert kept["income_verified_monthly"] == 1_000_000 and kept["income_gap_rate"] == "0"


@pytest.mark.usefixtures("house")
def test_a_declared_income_against_both_sources_goes_to_people_by_that_row_alone(wang: Customer, cast: Cast) -> None:
    """44 % above either source: the gap lets it go (half and more), and without the second source it would be approved."""
    assert told(wang, cast, declared=1_800_000).outcome == "approved"
    clock.tick(3600)
    made = told(wang, cast, declared=1_800_000, insured_base_monthly=1_200_000)
    knockout = next(stage for stage in json.loads(made.record)["verdict"]["stages"] if stage["name"] == "knockout")
    assert (made.outcome, made.reasons, knockout["rows"]) == ("referred", ["R11"], [47])


@pytest.mark.usefixtures("house")
def test_without_either_source_people_look_at_it(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT, without=("income_verified_monthly",))
    made = decided(asking(wang, cast.lin), cast.lin)
    assert made.outcome == "referred" and {"income_verified_monthly", "dti"} <= set(made.unknown)


@pytest.mark.usefixtures("house")
def test_a_disputed_statement_is_unknown_whatever_the_insurance_says_until_a_person_settles_it(wang: Customer, cast: Cast) -> None:
    at = clock.now()
    tell(wang, SUBJECT, SUBJECT, without=("income_verified_monthly",))
    steps.record_facts(wang.subject, INSURED, source="social_insurance", known_at=at)
    for source, income in (("flow", 1_250_000), ("tax", 800_000)):
        steps.record_facts(wang.subject, {"income_statement_monthly": income}, source=source, known_at=at)
    made = decided(asking(wang, cast.lin), cast.lin)
    assert made.outcome == "referred" and "income_verified_monthly" in made.unknown
    assert json.loads(made.record)["facts"]["income_verified_monthly"]["fault"] == "contradicted"
    clock.tick(60)
    confirm_fact(subject=wang.subject, fact_code="income_statement_monthly", source_code="flow", reason="与劳动合同一致", by=cast.chen)
    clock.tick(60)
    kept = facts_of(decided(asking(wang, cast.lin), cast.lin))
    assert (kept["income_verified_monthly"], kept["income_source"]) == (1_250_000, "confirmed")
