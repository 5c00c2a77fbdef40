"""What the house does in a year runs without a refusal, and leaves its track."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from chezhe.approvals import queries as approval_queries
from chezhe.kernel import clock
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import moment
from chezhe.kernel.worklist import piles_for
from chezhe.leads.models import Lead
from chezhe.simulation import headquarters, unfinished
from chezhe.simulation.cast import Cast
from chezhe.simulation.headquarters import ERRANDS, diary
from chezhe.simulation.scene import Scene
from chezhe.staff.models import User

DAY = date(2026, 6, 8)
VERBS = {
    "approvals.cast_vote", "approvals.withdraw_request", "channels.create_dealer", "channels.edit_dealer", "channels.suspend_dealer",
    "channels.resume_dealer", "channels.exit_dealer", "channels.propose_commission_plan", "channels.decide_commission_plan",
    "contracts.propose_payee", "contracts.decide_payee", "contracts.register_seal", "compliance.approve_lender", "compliance.approve_parameter",
    "compliance.propose_parameter", "compliance.reject_lender", "compliance.reject_parameter", "compliance.set_holiday",
    "compliance.set_lender", "ledger.close_period", "ledger.open_account", "ledger.post_manual_entry", "ledger.retire_account",
    "ledger.reverse_entry", "products.create_product", "products.discard_version", "products.draft_version", "products.edit_version",
    "products.publish_version", "products.retire_version", "products.return_version", "products.submit_version",
    "staff.change_role_permissions", "staff.create_user", "staff.delegate", "staff.disable_user", "staff.enable_user",
    "staff.end_delegation", "staff.grant_role", "staff.issue_token", "staff.reset_credentials", "staff.revoke_role",
    "staff.revoke_token", "staff.withdraw_access_change",
}


def scene_on(day: date, hour: str = "10:00") -> Scene:
    return Scene(day, True, Cast(moment(f"{day} {hour}")), Random(7))


def test_every_errand_of_the_house_is_done_without_a_refusal(team: None) -> None:
    for place, name in enumerate(ERRANDS):
        day = DAY + timedelta(days=place)
        with clock.at(moment(f"{day} 10:00")):
            ERRANDS[name](scene_on(day))
    assert set(AuditEntry.objects.values_list("verb", flat=True)) >= VERBS


def test_a_year_has_every_month_closed_and_every_errand_in_it() -> None:
    planned = diary(date(2025, 1, 1), 365, 100)
    assert {errand.name for errand in planned} == set(ERRANDS) - {"propose_bank_charges", "wish_for_a_role", "propose_the_base_rate", "draft_a_renewal"}
    assert [errand.name for errand in planned].count("close_last_month") == 12
    assert len({errand.serial for errand in planned}) == len(planned)
    assert planned == sorted(planned, key=lambda errand: errand.next_on)


@pytest.mark.parametrize("day", range(1, 32))
def test_on_whatever_day_the_story_ends_only_last_months_tax_is_left(day: int) -> None:
    start = date(2025, 3, 4)
    planned = diary(start, (date(2026, 10, day) - start).days, 100)
    taxed = [errand.next_on for errand in planned if errand.name == "tax_last_month"]
    assert [(one.year, one.month) for one in taxed] == [(2025, month) for month in range(3, 13)] + [(2026, month) for month in range(1, 10)]


def test_this_morning_leaves_something_for_everybody_who_decides(team: None) -> None:
    with clock.at(moment(f"{DAY} 08:00")):
        headquarters.take_on_dealers(scene_on(DAY, "08:00"))
    unfinished.begin_today(DAY, 7)
    at = moment(f"{DAY} 09:00")
    cast = Cast(at)
    waiting = {name: approval_queries.waiting_for(actor).count() for name, actor in cast.actors.items()}
    assert waiting["audit"] and waiting["risk.manager"]
    assert waiting["finance"] + waiting["finance2"] == 1 and waiting["admin"] + waiting["admin2"] == 1
    assert Lead.objects.count() == 6


@pytest.mark.parametrize("username", ["hz.sales", "nb.manager", "finance", "audit"])
def test_everybody_has_piles_of_work_to_look_at(team: None, username: str) -> None:
    actor = Cast(moment(f"{DAY} 09:00")).called(username)
    assert User.objects.get(username=username).is_demo and piles_for(actor)
