"""`chezhe prove`: one loan, or all of them and the ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chezhe.cli.commands import prove
from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.testing import moment
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


def test_other_words_are_answered_with_how_to_write_it(capsys: Any) -> None:
    assert prove.run(["--loan"]) == 2 and "chezhe prove --loan" in capsys.readouterr().err
