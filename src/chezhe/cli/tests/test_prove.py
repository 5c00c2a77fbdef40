"""`chezhe prove`: one loan, or all of them and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from chezhe.cli.commands import prove
from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast, make_cast
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.testing import moment
from chezhe.risk.deciding import record
from chezhe.risk.deciding.models import Decision
from chezhe.risk.tests.deciding import telling
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import lend, make_bank

pytestmark = pytest.mark.django_db


def test_it_names_what_differs_and_answers_with_its_exit_code(capsys: Any, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.at(moment("2026-01-15 10:00")):
        loan = lend(make_bank())
    assert prove.prove(loan.number) == 0 and prove.prove("") == 0 and "all agree" in capsys.readouterr().out
    assert prove.prove("L26-999999-9") == 1 and "no such loan" in capsys.readouterr().err
    Loan.objects.update(principal_left=Money(1))
    assert prove.prove(loan.number) == 1 and "principal_left is 1 fen" in capsys.readouterr().out


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def decisions(cast: Cast) -> Iterator[list[Decision]]:
    """Two of the same customer, the first approved and the other declined."""
    parameters.sow()
    lender.sow_lender()
    with clock.at(moment("2026-03-16 10:00")), telling.scoring():
        business_date.open_day(clock.now().date())
        wang = person(WANG, cast.lin)
        made = []
        for number, changes in (("A26-000001-8", {}), ("A26-000002-6", {"has_enforcement": True})):
            subject = f"application:{number}"
            telling.tell(wang, subject, subject, **changes)
            made.append(telling.decided(telling.asking(wang, cast.lin, subject=subject), cast.lin))
            clock.tick(60)
        yield made


def alter(row: Decision, one: str, other: str, *, knows_the_digest: bool) -> None:
    """Behind everybody's back, with the trigger off."""
    row.record = row.record.replace(one, other, 1)
    if knows_the_digest:
        row.digest = record.digest(row.record.encode())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE risk_decision DISABLE TRIGGER USER")
        row.save(update_fields=["record", "digest"])
        cursor.execute("ALTER TABLE risk_decision ENABLE TRIGGER USER")


def test_every_decision_is_made_once_more_and_one_that_was_altered_is_named(decisions: list[Decision], capsys: Any) -> None:
    approved, declined = decisions
    assert (approved.outcome, declined.outcome) == ("approved", "declined")
    assert prove.prove_decisions() == 0 and "2 个决策 decisions: 全部一致 all agree" in capsys.readouterr().out
    alter(declined, '"outcome":"declined"', '"outcome":"approved"', knows_the_digest=False)
    assert prove.prove_decisions() == 1
    said = capsys.readouterr().out
    assert f"{declined.number}: record_altered" in said and approved.number not in said and "1 处不一致 differences" in said


def test_a_record_altered_by_somebody_who_knows_the_digest_is_named_with_what_differs(decisions: list[Decision], capsys: Any) -> None:
    alter(decisions[1], '"outcome":"declined"', '"outcome":"approved"', knows_the_digest=True)
    assert prove.prove_decisions() == 1
    assert f"{decisions[1].number}: differs in verdict.outcome" in capsys.readouterr().out


def test_other_words_are_answered_with_how_to_write_it(capsys: Any) -> None:
    assert prove.run(["--loan"]) == 2 and "chezhe prove --loan" in capsys.readouterr().err
