"""The wrapper: permission, step-up, transaction, audit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chezhe.kernel import clock, context, roles
from chezhe.kernel.action import REGISTRY, action, label_of, write_refusals
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid, NotPermitted, StepUpRequired
from chezhe.kernel.models import AuditEntry, Holiday
from chezhe.kernel.permission import REGISTRY as PERMISSIONS
from chezhe.kernel.permission import permission
from chezhe.kernel.testing import WU, actor, moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def paint():
    """A made-up verb that writes a row; taken out of the registries afterwards."""
    right = permission("testing.paint", "涂色", [roles.FINANCE], moves_money=True)

    @action(right)
    def paint_day(*, day_code: str, name: str, reason: str, spoil: bool, by: Actor) -> Holiday:
        """Paint a day."""
        row = Holiday.objects.create(day="2095-02-17", is_working=False, name=name, source="test")
        if spoil:
            raise Invalid(field="name", sentence="不行")
        row.subject = f"day:{day_code}"
        return row

    yield paint_day
    PERMISSIONS.pop("testing.paint")
    REGISTRY.pop(next(name for name in REGISTRY if name.endswith(".paint_day")))


def test_it_writes_the_audit_row_in_the_same_transaction(paint) -> None:
    with clock.at(moment("2026-03-01 09:00")):
        paint(day_code="D1", name="王小明", reason="过年", spoil=False, by=actor("钱", roles.FINANCE))
    entry = AuditEntry.objects.get()
    assert (entry.actor_name, entry.verb, entry.subject, entry.reason) == ("钱", "kernel.paint_day", "day:D1", "过年")
    assert entry.facts == {"day_code": "D1", "spoil": False}, "a name is no fact for the trail"


def test_it_undoes_everything_when_the_rule_refuses(paint) -> None:
    with context.serving(context.RequestContext()) as serving:
        with pytest.raises(Invalid):
            paint(day_code="D1", name="x", reason="", spoil=True, by=actor("钱", roles.FINANCE))
        assert not Holiday.objects.filter(name="x").exists()
        write_refusals(serving)
    entry = AuditEntry.objects.get()
    assert (entry.outcome, entry.facts["code"]) == ("refused", "invalid")


def test_it_refuses_whoever_lacks_the_permission(paint) -> None:
    with pytest.raises(NotPermitted) as refused:
        paint(day_code="D1", name="x", reason="", spoil=False, by=WU)
    assert "涂色" in str(refused.value)
    assert not Holiday.objects.filter(name="x").exists()


def test_money_needs_a_fresh_second_factor(paint) -> None:
    stale = replace(actor("钱", roles.FINANCE), stepped_up_at=clock.now() - timedelta(minutes=11))
    for by in (stale, replace(stale, stepped_up_at=None)):
        with pytest.raises(StepUpRequired):
            paint(day_code="D1", name="x", reason="", spoil=False, by=by)


def test_the_system_itself_needs_no_second_factor(paint) -> None:
    paint(day_code="D1", name="x", reason="", spoil=False, by=SYSTEM)
    assert AuditEntry.objects.get().actor_key == "system"


def test_a_verb_is_called_by_its_label_and_without_one_by_its_permissions(paint) -> None:
    assert label_of("kernel.paint_day") == "涂色"

    @action(PERMISSIONS["testing.paint"], label="刷墙")
    def paint_wall(*, by: Actor) -> None:
        """Paint a wall."""

    try:
        assert label_of("kernel.paint_wall") == "刷墙"
    finally:
        REGISTRY.pop("kernel.paint_wall")
    assert label_of("kernel.paint_wall") == "kernel.paint_wall", "what nobody registered keeps its code"


def test_a_consulted_role_is_known_and_named_once() -> None:
    for trouble in ({"consulted": ["king"]}, {"consulted": [roles.FINANCE]}, {"consulted": [roles.BRANCH_MGR]},
                    {"consulted": [roles.AUDITOR], "informed": [roles.AUDITOR]}):
        with pytest.raises(ValueError):
            permission("testing.odd", "怪", [roles.FINANCE], **trouble)
    assert "testing.odd" not in PERMISSIONS
