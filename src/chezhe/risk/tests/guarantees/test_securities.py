"""Securities: offered by one, accepted by another, claimed in time, given back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel import moves
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.claim_guarantee import claim_guarantee
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.actions.refuse_security import refuse_security
from chezhe.risk.actions.release_security import release_security
from chezhe.risk.actions.withdraw_security import withdraw_security
from chezhe.risk.guarantees import errors, figures, queries, steps
from chezhe.risk.guarantees.models import Security
from chezhe.risk.guarantees.steps import Offered
from chezhe.risk.tests.guarantees.desk import CASE, MATURES_ON, OTHER, TODAY, Desk, deposit, guarantor, other_person


def offered(desk: Desk, given: Offered | None = None, *, by: Any = None, subject: str = CASE, who: Any = None) -> Security:
    given = given or guarantor()
    number = (who or desk.friend).number if given.kind == "guarantor" else ""
    return offer_security(subject=subject, offered=given, guarantor_number=number, business_date=TODAY, by=by or desk.lin)


def test_the_one_who_offers_does_not_accept(desk: Desk) -> None:
    security = offered(desk, by=desk.shen)
    with pytest.raises(errors.OwnSecurity):
        accept_security(security_number=security.number, by=desk.shen)
    assert accept_security(security_number=security.number, by=desk.chen).status == "accepted"
    with pytest.raises(WrongState):
        accept_security(security_number=security.number, by=desk.chen)
    assert [move.verb for move in moves.history(security.subject)] == ["offer", "accept"]


def test_a_refusal_says_why_and_an_offer_may_be_taken_back(desk: Desk) -> None:
    first = offered(desk)
    with pytest.raises(ReasonRequired):
        refuse_security(security_number=first.number, reason=" ", by=desk.chen)
    assert refuse_security(security_number=first.number, reason="收入无法核实", by=desk.chen).status == "refused"
    second = offered(desk)
    assert withdraw_security(security_number=second.number, reason="换保证人", by=desk.lin).status == "withdrawn"


def test_a_borrower_does_not_stand_for_themselves_and_nobody_twice(desk: Desk) -> None:
    with pytest.raises(errors.GuarantorIsBorrower):
        offered(desk, who=desk.wang)
    first = offered(desk)
    with pytest.raises(errors.GuarantorTwice) as twice:
        offered(desk)
    assert first.number in str(twice.value)
    offered(desk, subject=OTHER)


def test_whoever_owes_the_debt_does_not_stand_for_it_though_its_figures_are_wanting(desk: Desk) -> None:
    desk.wish(principal=Money(0))
    desk.beside = (desk.friend.number,)
    for debtor in (desk.wang, desk.friend):
        with pytest.raises(errors.GuarantorIsBorrower):
            offered(desk, who=debtor)
    assert not Security.objects.exists()


def test_a_guarantor_who_becomes_a_debtor_is_not_accepted_and_counts_for_nothing(desk: Desk) -> None:
    first, waiting = offered(desk), offered(desk, who=other_person(desk.lin))
    accept_security(security_number=first.number, by=desk.chen)
    assert queries.guarantors_of(CASE) == [desk.friend]
    desk.beside = (desk.friend.number, waiting.guarantor.number)
    with pytest.raises(errors.GuarantorIsBorrower):
        accept_security(security_number=waiting.number, by=desk.chen)
    assert refuse_security(security_number=waiting.number, reason="已转为共借人", by=desk.chen).status == "refused"
    check = steps.measure(CASE, on=TODAY, by=desk.shen)
    assert [(line["amount_fen"], line["reason"]) for line in check.lines] == [(0, "own_debt")] and queries.guarantors_of(CASE) == []


@pytest.mark.parametrize("kind", ["deposit", "pledge", "insurance"])
def test_one_paper_stands_for_one_debt_at_a_time(desk: Desk, kind: str) -> None:
    given = Offered(
        kind=kind, amount=Money(5_000_00), thing="定期存单", holder="工商银行", valid_to=date(2030, 1, 1), covered_share=Decimal("0.8"),
        **{"policy_number" if kind == "insurance" else "proof_number": "CD 2026-0001"})
    first = offered(desk, given)
    for subject in (CASE, OTHER):
        with pytest.raises(errors.SecurityTwice) as twice:
            offered(desk, _spelt(given), subject=subject)
        assert first.number in str(twice.value) and "CD20260001" in str(twice.value)
    accept_security(security_number=first.number, by=desk.chen)
    with pytest.raises(errors.SecurityTwice):
        offered(desk, given, subject=OTHER)
    release_security(security_number=first.number, reason="换担保", by=desk.ke)
    assert offered(desk, given, subject=OTHER).status == "offered", "given back it may stand for another debt"


def test_of_a_paper_that_stands_elsewhere_no_number_is_told_to_who_may_not_see_it(desk: Desk) -> None:
    first = offered(desk, deposit(proof_number="BZJ-77"))
    Security.objects.update(branch=desk.cast.west, owner_id=desk.mei.user_id)
    with pytest.raises(errors.SecurityTwice) as twice:
        offered(desk, deposit(proof_number="BZJ-77"), subject=OTHER)
    assert first.number not in str(twice.value)


def _spelt(given: Offered) -> Offered:
    """The same paper as somebody else writes it down."""
    return replace(given, **{name: getattr(given, name).lower().replace(" ", "") for name in ("proof_number", "policy_number")})


@pytest.mark.parametrize(("given", "what"), [
    (Offered(kind="guarantor", amount=Money(1)), "保证方式"), (Offered(kind="pledge", amount=Money(1), thing="车"), "保管或出具单位"),
    (Offered(kind="deposit", amount=Money(1), holder="专户", proof_number=" - "), "凭证编号"),
    (Offered(kind="insurance", amount=Money(1), holder="人保", policy_number="P1", covered_share=Decimal(1)), "有效期至"),
])
def test_it_names_what_is_missing(desk: Desk, given: Offered, what: str) -> None:
    with pytest.raises(errors.SecurityIncomplete) as missing:
        offered(desk, given)
    assert str(missing.value) == f"请填写{what}。"
    with pytest.raises(errors.SecurityIncomplete):
        offer_security(subject=CASE, offered=guarantor(), business_date=TODAY, by=desk.lin)


def test_exposure_counts_every_live_security_elsewhere(desk: Desk) -> None:
    one, two = offered(desk), offered(desk, guarantor(30_000_00), subject=OTHER)
    held = figures.on(TODAY)
    stand = queries.stand_of(two, held)
    assert (stand.exposure, stand.count, stand.capacity) == (Money(60_000_00), 1, Money(288_000_00))
    assert stand.left == Money(228_000_00)
    refuse_security(security_number=one.number, reason="不需要", by=desk.chen)
    assert queries.stand_of(two, held).exposure == Money(0)


def test_verified_income_goes_before_what_was_declared(desk: Desk) -> None:
    from chezhe.kernel import clock
    from chezhe.risk.facts import steps as fact_steps

    security = offered(desk)
    fact_steps.record_facts(
        desk.friend.subject, {"income_verified_monthly": 5_000_00}, source="flow", known_at=clock.now())
    assert queries.stand_of(security, figures.on(TODAY)).capacity == Money(180_000_00)


def test_the_guarantee_period_follows_the_debt(desk: Desk) -> None:
    plain, agreed = offered(desk), offered(desk, guarantor(agreed_until=date(2031, 1, 1)), who=other_person(desk.lin))
    assert (plain.matures_on, plain.claim_until) == (MATURES_ON, date(2029, 9, 16))
    assert agreed.claim_until == date(2031, 1, 1)
    assert steps.fall_due(CASE, date(2026, 3, 10), on=TODAY) == 2, "called in: everything is due at once"
    plain.refresh_from_db()
    assert plain.claim_until == date(2026, 9, 10)
    assert steps.fall_due(CASE, date(2026, 3, 10), on=TODAY) == 0


def test_a_claim_comes_in_time_or_not_at_all(desk: Desk) -> None:
    security = offered(desk)
    with pytest.raises(WrongState):
        claim_guarantee(security_number=security.number, claimed_on=TODAY, reason="律师函", business_date=TODAY, by=desk.zhao)
    accept_security(security_number=security.number, by=desk.chen)
    steps.fall_due(CASE, date(2025, 9, 10), on=TODAY)
    with pytest.raises(errors.ClaimTooLate):
        claim_guarantee(security_number=security.number, claimed_on=TODAY, reason="律师函", business_date=TODAY, by=desk.zhao)
    with pytest.raises(Invalid):
        claim_guarantee(security_number=security.number, claimed_on=date(2026, 3, 17), reason="律师函", business_date=TODAY, by=desk.zhao)
    claimed = claim_guarantee(
        security_number=security.number, claimed_on=date(2026, 3, 10), reason="律师函 EMS 123", business_date=TODAY, by=desk.zhao)
    assert (claimed.status, claimed.claimed_on) == ("claimed", date(2026, 3, 10))
    steps.fall_due(CASE, MATURES_ON, on=TODAY)
    claimed.refresh_from_db()
    assert claimed.claim_until == date(2026, 3, 10), "what was claimed does not run any more"


def test_deadlines_are_listed_the_most_urgent_first_and_in_reach_only(desk: Desk) -> None:
    near, far = offered(desk), offered(desk, subject=OTHER)
    for one in (near, far):
        accept_security(security_number=one.number, by=desk.chen)
    steps.fall_due(CASE, date(2025, 9, 20), on=TODAY)
    assert list(queries.deadlines(desk.shen, TODAY)) == [near]
    assert list(queries.deadlines(desk.shen, TODAY, within_days=2_000)) == [near, far]
    assert not queries.deadlines(desk.mei, TODAY).exists()


def test_a_security_is_given_back_and_all_of_them_with_the_debt(desk: Desk) -> None:
    first, second = offered(desk), offered(desk, deposit())
    for one in (first, second):
        accept_security(security_number=one.number, by=desk.chen)
    with pytest.raises(NotPermitted):
        release_security(security_number=first.number, reason="换保证人", by=desk.lin)
    assert release_security(security_number=first.number, reason="换保证人", by=desk.ke).status == "released"
    assert steps.release_all(CASE, reason="贷款结清", by=SYSTEM) == 1
    assert {one.status for one in queries.of(CASE)} == {"released"}


def test_who_may_not_and_who_is_elsewhere(desk: Desk) -> None:
    security = offered(desk)
    with pytest.raises(NotPermitted):
        offered(desk, by=desk.chen, subject=OTHER)
    with pytest.raises(NotPermitted):
        accept_security(security_number=security.number, by=desk.lin)
    with pytest.raises(NotFound):
        offer_security(subject=CASE, offered=deposit(), business_date=TODAY, by=desk.mei)
    with pytest.raises(NotFound):
        withdraw_security(security_number=security.number, reason="不是我的", by=desk.mei)
    with pytest.raises(NotFound):
        offer_security(subject="nothing:X", offered=deposit(), business_date=TODAY, by=desk.lin)
