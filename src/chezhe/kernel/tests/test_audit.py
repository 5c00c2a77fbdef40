"""The chain: every way of tampering is found and located."""

import pytest
from django.db import DatabaseError, connection, transaction

from chezhe.kernel import audit
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail() -> list[AuditEntry]:
    for n in range(5):
        audit.record(by=SYSTEM, verb="testing.step", subject=f"x:{n}", facts={"n": n})
    assert audit.seal() == 5
    return list(AuditEntry.objects.order_by("id"))


def tamper(sql: str, *values: object) -> None:
    """As somebody with the database owner's rights would: triggers off, row changed."""
    with connection.cursor() as cursor:
        for table in ("kernel_auditentry", "kernel_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)


def test_an_untouched_chain_verifies(trail) -> None:
    assert audit.verify() == audit.Verification(checked=5, unsealed_tail=0, first_fault=None)


@pytest.mark.parametrize("sql", ["UPDATE kernel_auditentry SET verb = 'x'", "DELETE FROM kernel_auditentry", "TRUNCATE kernel_auditentry"])
def test_the_table_refuses_every_change(trail, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    ("sql", "fault"),
    [
        ("UPDATE kernel_auditentry SET facts = '{\"n\": 9}' WHERE id = %s", "audit entry {id} was altered"),
        ("UPDATE kernel_auditentry SET actor_name = 'x' WHERE id = %s", "audit entry {id} was altered"),
        ("DELETE FROM kernel_auditentry WHERE id = %s", "audit entry {id} is missing"),
        ("DELETE FROM kernel_auditseal WHERE entry_id = %s", "the chain is broken at audit entry {next}"),
    ],
)
def test_tampering_is_located(trail, sql: str, fault: str) -> None:
    victim = trail[2].id
    tamper(sql, victim)
    assert audit.verify().first_fault == fault.format(id=victim, next=victim + 1)


def test_cutting_the_tail_off_contradicts_the_signed_root(trail) -> None:
    root = audit.sign_day(moment("2026-03-01 23:59").date())
    assert root is not None and audit.verify().is_intact
    tamper("DELETE FROM kernel_auditseal WHERE entry_id >= %s", trail[3].id)
    tamper("DELETE FROM kernel_auditentry WHERE id >= %s", trail[3].id)
    assert audit.verify().first_fault == "the chain no longer holds what was signed on 2026-03-01"


def test_a_row_altered_before_sealing_is_found_in_the_tail(trail) -> None:
    audit.record(by=SYSTEM, verb="testing.step", subject="x:9")
    late = AuditEntry.objects.latest("id")
    tamper("UPDATE kernel_auditentry SET subject = 'x:8' WHERE id = %s", late.id)
    result = audit.verify()
    assert result.unsealed_tail == 1 and result.first_fault == f"audit entry {late.id} was altered before it was sealed"


def test_a_late_commit_joins_the_chain_when_it_appears(trail) -> None:
    audit.record(by=SYSTEM, verb="testing.step", subject="x:6")
    assert (audit.seal(), audit.seal()) == (1, 0)
    assert audit.verify().checked == 6


def test_what_committed_long_after_its_neighbours_is_found_by_the_far_look(trail) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('kernel_auditentry', 'id'), %s)", [trail[-1].id + audit.NEAR + 10])
    audit.record(by=SYSTEM, verb="testing.step", subject="x:7")
    assert audit.seal(reach=audit.NEAR) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('kernel_auditentry', 'id'), %s)", [trail[-1].id + 1])
    audit.record(by=SYSTEM, verb="testing.step", subject="x:8")
    assert (audit.seal(reach=audit.NEAR), audit.seal()) == (0, 1)
    assert audit.verify().is_intact


def test_a_stretch_is_proved_from_a_signed_root_on(trail) -> None:
    root = audit.sign_day(moment("2026-03-02 23:00").date())
    audit.record(by=SYSTEM, verb="testing.step", subject="x:9")
    audit.seal()
    assert audit.verify(root) == audit.Verification(checked=6, unsealed_tail=0, first_fault=None)
    tamper("UPDATE kernel_auditentry SET subject = 'x:0' WHERE id = %s", trail[1].id)
    assert audit.verify(root).is_intact and not audit.verify().is_intact
