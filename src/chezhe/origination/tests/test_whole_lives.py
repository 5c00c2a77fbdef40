"""What ships, whole: an invented life, every source over HTTP, a car that was seen and valued, the shipped tables and the shipped card."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.invented import fates, person
from chezhe.invented.fates import Fate
from chezhe.kernel import clock
from chezhe.kernel.errors import Invalid
from chezhe.kernel.simulators import World
from chezhe.origination.actions.appeal_decision import appeal_decision
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.origination.tests import living
from chezhe.origination.tests.asking import TODAY, submit, work
from chezhe.risk.deciding import pages, queries, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import queries as facts
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.registry import queries as registry
from chezhe.risk.screening.models import ListVersion
from chezhe.risk.tests.deciding.test_tracing import listed
from chezhe.risk.vendors.bureau.client import XmlReport

GOOD, SOUND_CAR = fates.id_number(fates.GOOD), fates.car_vin(fates.GOOD, serial=2)
# Worth what the least loan to a company asks for. No statement is on file that would show what comes in: people look at that, too.
FIRM_CAR = fates.car_vin(fates.GOOD, model_year=2024, serial=43)
# Worth some 59,000 each.
SMALL_CAR, SMALL_TOO = fates.car_vin(fates.GOOD, model_year=2020, serial=7), fates.car_vin(fates.GOOD, model_year=2020, serial=2)
FAULTS = {
    "slow": fates.SLOW, "down": fates.DOWN, "garbled": fates.GARBLED, "contradictory": fates.CONTRADICTORY, "knows nobody": fates.UNKNOWN,
}
# What only this source tells, of all that the shipped tables and the shipped card ask for.
TOLD_BY = {
    "bureau": {
        "bureau_overdue_now", "bureau_bad_debt", "bureau_missed_in_row_24m", "bureau_missed_total_24m", "bureau_missed_12m",
        "bureau_hard_inquiries_3m", "bureau_score",
    },
    "identity": {"id_verified", "face_verified", "card_verified", "phone_name_match", "phone_months"},
    "courts": {"has_enforcement", "has_consumption_ban", "has_court_case"},
    "lenders": {"lenders_applied_30d", "lenders_applied_90d"},
    "vehicle_registry": {"car_title_clear", "car_mortgaged_elsewhere", "car_age_months", "car_insured"},
}
# The same of a company: what the shipped tables ask of it and only this source tells.
TOLD_OF_FIRMS = {
    "bureau": {"company_overdue_now", "company_bad_debt"},
    "enterprise": {"company_status", "company_months", "tax_arrears", "debt_ratio", "interest_cover", "revenue_tax_gap_rate"},
    "courts": {"company_has_enforcement"},
    "vehicle_registry": TOLD_BY["vehicle_registry"],
}
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True)) + "]><CreditReport>&j;</CreditReport>"
)


def strike(world: World, source: str, code: str) -> None:
    """Let this happen to a source, whomever it is asked about: the person stays who they are."""
    world.simulators[source].fate = lambda body: Fate(code)  # type: ignore[attr-defined]


def decided(id_number: str = GOOD, vin: str = SOUND_CAR) -> tuple[Application, Decision]:
    """The person comes, applies and is decided; whatever is decided can be decided again."""
    town = living.make_town(person(id_number).home_city)
    applicant = living.arrive(town, id_number, vin)
    application = submit(living.apply_for(applicant, town, amount="40,000"), town.lin)
    found = queries.latest(application.subject)
    assert found is not None
    again = replaying.replay(found)
    assert (again.is_same, again.trouble, again.differs) == (True, "", ())
    return application, found


def test_a_good_customer_is_approved_by_what_ships(world: World) -> None:
    application, made = decided()
    assert (made.outcome, made.route, made.tier, made.reasons, made.unknown) == ("approved", "auto_approve", "A", [], [])
    assert made.score is not None and made.score >= 650 and made.annual_rate is not None and f"{made.annual_rate:.4f}" == "0.1100"
    assert (application.status, application.annual_rate, application.approval) == ("approved", made.annual_rate, None)
    kept, card = json.loads(made.record), registry.active("person")
    assert card is not None and card.is_shipped and kept["model"]["hash"] == card.content_hash
    assert {name: policy["version"] for name, policy in kept["policies"].items()} == dict.fromkeys(
        ("prescreen", "knockout", "fraud", "tier", "pricing", "limits", "route"), 1)
    sources = {fact["source"] for fact in kept["facts"].values()}
    assert {"bureau", "identity", "face", "bank_card", "telecom", "court", "multi_lender", "flow", "screening", "vehicle_registry",
            "social_insurance", "vehicle_history", "appraisal", "relations", "blacklist"} <= sources
    assert set(Enquiry.objects.values_list("status", flat=True)) == {"answered"}


@pytest.mark.parametrize("fault", FAULTS)
def test_whoever_is_sound_by_statement_is_approved_without_a_word_of_the_insurance(world: World, fault: str) -> None:
    """An answer that is missing refers nobody whom the statement proves."""
    strike(world, "social_insurance", FAULTS[fault])
    _application, made = decided()
    kept = json.loads(made.record)["facts"]
    assert (made.outcome, made.route, made.unknown) == ("approved", "auto_approve", [])
    assert kept["income_source"]["value"] == "statement" and kept["income_contradicted"]["value"] is False


def test_the_verified_income_rests_on_both_sources_and_is_never_above_the_declared(world: World) -> None:
    _application, made = decided()
    kept = {code: fact["value"] for code, fact in json.loads(made.record)["facts"].items()}
    assert kept["income_source"] == "both" and kept["insured_employer_matches"] is True
    assert kept["income_verified_monthly"] == min(
        kept["income_statement_monthly"], 2 * kept["insured_base_monthly"], kept["income_declared_monthly"])
    assert {"INSURED_INCOME_MULTIPLE", "INCOME_CONFLICT_RATE"} <= {figure["code"] for figure in json.loads(made.record)["figures"]}


def decided_on_two(second: str) -> tuple[str, Application, Decision]:
    """Somebody with a small car asks for more than it carries, and brings a second one."""
    town = living.make_town(person(GOOD).home_city)
    applicant = living.arrive(town, GOOD, SMALL_CAR)
    application = living.apply_for(applicant, town, amount="45,000")
    with pytest.raises(Invalid):
        submit(application, town.lin)
    car = living.second_car(second, applicant, town, application)
    application = submit(application, town.lin)
    found = queries.latest(application.subject)
    assert found is not None and replaying.replay(found).is_same
    return car.number, application, found


def test_two_cars_each_too_small_alone_are_approved_together_by_what_ships(world: World) -> None:
    number, application, made = decided_on_two(SMALL_TOO)
    assert (made.outcome, made.route, made.reasons, made.unknown) == ("approved", "auto_approve", [], [])
    kept = json.loads(made.record)
    assert kept["format"] == 4 and kept["cars"][number]["car_title_clear"]["value"] is True
    assert made.ltv is not None and made.ltv < Decimal("0.5") and application.ltv == made.ltv
    assert Enquiry.objects.filter(subject=f"vehicle:{number}", status="answered").exists()


def test_a_second_car_that_is_mortgaged_elsewhere_stops_it_under_its_own_number(world: World) -> None:
    number, application, made = decided_on_two(fates.car_vin(fates.MORTGAGED, model_year=2020, serial=7))
    assert (made.outcome, application.status, made.reasons) == ("declined", "rejected", ["R14"])
    bad = [stage for stage in json.loads(made.record)["verdict"]["stages"] if stage["verdict"] == "declined"]
    assert [dict(stage["outputs"])["car"] for stage in bad] == [number]


def test_a_second_car_of_which_the_register_says_nothing_leads_to_people(world: World) -> None:
    _number, application, made = decided_on_two(fates.car_vin(fates.UNKNOWN, model_year=2021, serial=18, source="vehicle_registry"))
    assert (made.outcome, application.status) == ("referred", "first_review") and "car_title_clear" in made.unknown


def decided_firm(before: Callable[[living.Firm], None] = lambda firm: None) -> tuple[living.Firm, Application, Decision]:
    """A sound company with a sound car applies, its legal representative standing surety, and is decided."""
    town = living.make_town("杭州")
    firm = living.arrive_firm(town, fates.company_code(fates.GOOD), FIRM_CAR, GOOD)
    before(firm)
    application = submit(living.apply_for_firm(firm, town, amount="100,000"), town.lin)
    found = queries.latest(application.subject)
    assert found is not None and replaying.replay(found).is_same
    return firm, application, found


def test_a_sound_company_goes_to_people_with_nothing_against_it(world: World) -> None:
    """No card scores companies: the machine never approves one by itself. Whatever a source can tell of it is known."""
    _firm, application, made = decided_firm()
    assert (made.outcome, application.status, made.reasons) == ("referred", "first_review", ["R11"])
    assert not set().union(*TOLD_OF_FIRMS.values()) - {"car_age_months"} & set(made.unknown)
    assert not {"same_phone_companies", "same_card_people", "owners_on_blacklist", "ring_size", "ring_bad_rate"} & set(made.unknown)


@pytest.mark.parametrize("source", TOLD_OF_FIRMS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_company_of_which_a_source_is_slow_wrong_or_down_goes_to_people_with_what_is_missing(world: World, source: str, fault: str) -> None:
    strike(world, source, FAULTS[fault])
    _firm, application, made = decided_firm()
    assert (made.outcome, application.status) == ("referred", "first_review")
    # A report that contradicts itself in what no table asks of a company leaves its other figures as they are.
    assert TOLD_OF_FIRMS[source] <= set(made.unknown) or (fault, source) == ("contradictory", "bureau")


def test_a_company_whose_legal_representative_is_blacklisted_is_declined(world: World) -> None:
    def list_them(firm: living.Firm) -> None:
        listed("person", "id", firm.controller.id_number)

    firm, _application, made = decided_firm(list_them)
    fraud = next(stage for stage in json.loads(made.record)["verdict"]["stages"] if stage["name"] == "fraud")
    assert made.outcome == "declined" and "R03" in made.reasons and fraud["rows"] == [17]
    known = facts.known([firm.customer.subject], clock.now())
    assert known["owners_on_blacklist"].value is True


@pytest.mark.parametrize("fault", FAULTS)
def test_the_same_person_is_never_approved_while_sources_fail(world: World, fault: str) -> None:
    for source in TOLD_BY.keys() - {"identity"}:
        strike(world, source, FAULTS[fault])
    application, made = decided()
    assert (made.outcome, application.status, made.reasons, made.tier) == ("referred", "first_review", [], "")
    assert set().union(*TOLD_BY.values()) - TOLD_BY["identity"] <= set(made.unknown)


@pytest.mark.parametrize("fault", FAULTS)
def test_whose_identity_cannot_be_checked_is_not_approved(world: World, fault: str) -> None:
    """A number that was never given out and one of somebody who has died are known, and nobody's to borrow on."""
    strike(world, "identity", FAULTS[fault])
    application, made = decided()
    if fault in ("knows nobody", "contradictory"):
        assert (made.outcome, application.status, made.reasons) == ("declined", "rejected", ["R01"])
        assert TOLD_BY["identity"] - {"id_verified"} <= set(made.unknown)
    else:
        assert (made.outcome, application.status, made.reasons) == ("referred", "first_review", [])
        assert TOLD_BY["identity"] <= set(made.unknown)


@pytest.mark.parametrize("source", TOLD_BY)
def test_one_source_that_is_down_leads_to_people_with_what_it_would_have_told(world: World, source: str) -> None:
    strike(world, source, fates.DOWN)
    application, made = decided()
    assert (made.outcome, application.status) == ("referred", "first_review")
    assert TOLD_BY[source] <= set(made.unknown) and not set().union(*TOLD_BY.values()) - TOLD_BY[source] & set(made.unknown)


def test_lists_that_cannot_be_fetched_lead_to_people(world: World) -> None:
    """Whom no list has been held against is not known to be on none."""
    ListVersion.objects.update(is_current=False)
    _application, made = decided()
    assert (made.outcome, made.unknown) == ("referred", ["watch_list_hit"])


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_bomb_in_the_place_of_a_report_leads_to_people(world: World, settings: Any, form: str) -> None:
    settings.BUREAU_FORM = form
    bomb = XmlReport(BOMB, hashlib.sha256(BOMB.encode()).hexdigest())
    world.simulators["bureau"]._personal = lambda body, call: bomb  # type: ignore[attr-defined]
    application, made = decided()
    assert (made.outcome, application.status) == ("referred", "first_review") and TOLD_BY["bureau"] <= set(made.unknown)
    assert Enquiry.objects.get(service="bureau").error == "wrong_answer"


def test_a_report_in_xml_tells_the_same_and_the_same_person_is_approved(world: World, settings: Any) -> None:
    settings.BUREAU_FORM = "xml"
    asked: list[str] = []
    tell = world.simulators["bureau"]._personal  # type: ignore[attr-defined]

    def listening(body: Any, call: Any) -> Any:
        asked.append(body["format"])
        return tell(body, call)

    world.simulators["bureau"]._personal = listening  # type: ignore[attr-defined]
    _application, made = decided()
    assert (made.outcome, made.route, made.tier, asked) == ("approved", "auto_approve", "A", ["xml"])


def test_whoever_files_from_their_own_device_is_approved_and_whoever_hides_it_is_looked_at(world: World) -> None:
    town = living.make_town("杭州")
    applicant = living.arrive(town, GOOD, SOUND_CAR)
    for device, outcome, unknown in ((applicant.life.device, "approved", []), ("", "referred", ["same_device_people"])):
        application = submit(living.apply_for(applicant, town, amount="40,000", filed_through="online", device=device), town.lin)
        made = queries.latest(application.subject)
        assert made is not None and (made.outcome, made.unknown) == (outcome, unknown)
        withdraw_application(application_number=application.number, reason="客户改主意", by=town.lin)
        clock.tick(60)


def test_an_appeal_asks_everybody_anew_and_the_page_shows_what_is_different(world: World, browser: Any) -> None:  # noqa: F811
    town = living.make_town("杭州")
    applicant = living.arrive(town, GOOD, SOUND_CAR)
    strike(world, "identity", fates.UNKNOWN)
    application = submit(living.apply_for(applicant, town, amount="40,000"), town.lin)
    first = queries.latest(application.subject)
    assert first is not None and (first.outcome, first.reasons) == ("declined", ["R01"])
    del world.simulators["identity"].fate  # type: ignore[attr-defined]
    clock.tick(3600)
    before = {row.service for row in Enquiry.objects.all()}
    appeal_decision(application_number=application.number, reason="身份证号登记有误，已更正", business_date=TODAY, by=town.lin)
    work()
    asked = Enquiry.objects.filter(asked_at__gt=first.decided_at)
    assert sorted(asked.values_list("service", flat=True)) == sorted(before) and set(asked.values_list("status", flat=True)) == {"answered"}
    second = queries.latest(application.subject)
    assert second is not None and (second.kind, second.outcome, second.earlier) == ("appeal", "approved", first)
    application.refresh_from_db()
    assert application.status == "first_review"  # whatever the machine says now, people decide
    assert [(one.title, one.before, one.after) for one in pages.differences(replaying.told(first), replaying.told(second))][:5] == [
        ("结论", "自动拒绝", "自动批准"), ("客户层级", "—", "A"), ("评分", first_score(first), str(second.score)), ("原因", "年龄或身份不符", "—"),
        ("银行卡四要素一致", "—", "是"),
    ]
    page = browser.acts_as(town.lin).get(f"/risk/decisions/{second.number}/").content.decode()
    assert page.partition("依据的资料")[2].count("征信查询授权 SQ-1 2026-03-16") > 5
    basis = browser.acts_as(town.lin).api(f"risk/decisions/{second.number}/basis").json()
    rests = {one["code"]: one["consent"] and (one["consent"]["kind"], one["consent"]["number"]) for one in basis["facts"]}
    assert rests["bureau_score"] == ("credit_query", "SQ-1") and rests["car_title_clear"] == ("personal_info", "SQ-1")
    assert rests["amount"] is None and rests["dti"] is None
    table = page.partition("与上次决策的不同")[2].partition("</table>")[0]
    for said in (">结论<", ">自动拒绝<", ">自动批准<", ">原因<", ">年龄或身份不符<", ">姓名与身份证号一致<", ">否<", ">是<"):
        assert said in table, said
    assert ">征信评分<" not in table  # what is the same is not listed


def first_score(made: Decision) -> str:
    return str(made.score) if made.score is not None else "—"
