"""The split of a live trial, and what stops one: the same for ever, as large as agreed, and no trial's is another's."""

from __future__ import annotations

import math
import subprocess
import sys
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chezhe.risk.trials import rules
from chezhe.risk.trials.rules import APPROVAL_GAP, BAD_RATE, CHALLENGER, CHAMPION, Guards, Standing

SUBJECTS = [f"application:A26-{serial:06d}-{serial % 10}" for serial in range(100_000)]
SHARES = some.decimals(Decimal("0.0001"), Decimal("0.5"), places=4)


@pytest.mark.parametrize("share", ["0.0001", "0.01", "0.05", "0.1", "0.25", "0.3333", "0.5"])
def test_the_share_is_kept_within_what_chance_allows(share: str) -> None:
    """Within four and a half standard deviations of the binomial: one in a hundred thousand would fall outside by chance."""
    agreed, count = Decimal(share), len(SUBJECTS)
    taken = sum(rules.arm("LT26-000001-3", subject, agreed) == CHALLENGER for subject in SUBJECTS)
    assert abs(taken - count * agreed) <= 4.5 * math.sqrt(count * agreed * (1 - agreed)) + 1


def test_every_ten_thousandth_is_hit_alike() -> None:
    counts = [0] * rules.PARTS
    for subject in SUBJECTS:
        counts[rules.place("LT26-000001-3", subject)] += 1
    expected = len(SUBJECTS) / rules.PARTS
    chi_square = sum((count - expected) ** 2 / expected for count in counts)
    assert abs(chi_square - rules.PARTS) < 5 * math.sqrt(2 * rules.PARTS)


def test_two_trials_are_split_independently() -> None:
    """Whoever was challenged in one trial is challenged in the next as often as anybody else."""
    share, count = Decimal("0.2"), len(SUBJECTS)
    first, second = ([rules.arm(number, subject, share) == CHALLENGER for subject in SUBJECTS] for number in ("LT26-000001-3", "LT26-000002-1"))
    both = sum(one and other for one, other in zip(first, second, strict=True))
    chance = sum(first) / count * sum(second) / count
    assert abs(both - count * chance) < 4.5 * math.sqrt(count * chance * (1 - chance))


@given(some.text(max_size=20), some.text(max_size=40), SHARES)
def test_the_same_question_has_the_same_answer_and_a_larger_share_only_adds(trial: str, subject: str, share: Decimal) -> None:
    here = rules.place(trial, subject)
    assert 0 <= here < rules.PARTS and rules.place(trial, subject) == here
    assert (rules.arm(trial, subject, share) == CHALLENGER) == (here < int(share * 10_000))
    if rules.arm(trial, subject, share) == CHALLENGER:
        assert rules.arm(trial, subject, Decimal("0.5")) == CHALLENGER


def test_another_process_answers_the_same() -> None:
    told = "from chezhe.risk.trials import rules; print(*(rules.place('LT26-000001-3', f'application:{n}') for n in range(50)))"
    made = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True).stdout.split()
    assert [int(one) for one in made] == [rules.place("LT26-000001-3", f"application:{n}") for n in range(50)]


def test_the_places_are_what_they_were() -> None:
    """Figures worked out by hand from SHA-256: a change here would move applications from one arm into the other."""
    assert [rules.place("LT26-000001-3", f"application:A26-00000{n}-0") for n in range(5)] == PLACES


PLACES = [6208, 8323, 5991, 4060, 7034]


@pytest.mark.parametrize(("share", "is_one"), [
    ("0", False), ("-0.1", False), ("0.5", True), ("0.5001", False), ("0.51", False), ("1", False), ("0.0001", True), ("0.00005", False),
    ("0.12345", False), ("0.1", True),
])
def test_a_share_is_more_than_nothing_and_not_more_than_half(share: str, is_one: bool) -> None:
    assert rules.is_share(Decimal(share)) is is_one


WATCHED = Guards(approval_gap=Decimal("0.10"), applications=50, bad_rate=Decimal("0.05"), loans=30)


@pytest.mark.parametrize(("champion", "challenger", "said"), [
    (Standing(), Standing(), ""),
    (Standing(applications=900, approved=450), Standing(applications=49, approved=49), ""),
    (Standing(applications=49, approved=0), Standing(applications=100, approved=100), ""),
    (Standing(applications=900, approved=450), Standing(applications=100, approved=60), ""),
    (Standing(applications=900, approved=450), Standing(applications=100, approved=61), APPROVAL_GAP),
    (Standing(applications=900, approved=900), Standing(applications=100, approved=0), ""),
    (Standing(), Standing(loans=29, bad=29), ""), (Standing(), Standing(loans=40, bad=2), ""),
    (Standing(), Standing(loans=40, bad=3), BAD_RATE),
])
def test_a_guard_speaks_once_enough_is_known_and_its_line_is_passed(champion: Standing, challenger: Standing, said: str) -> None:
    assert rules.broken(WATCHED, champion, challenger) == said
    assert rules.broken(Guards(), champion, challenger) == ""


def test_the_names_of_the_arms_are_those_of_decisions() -> None:
    from chezhe.risk.deciding.models import ARMS

    assert tuple(code for code, _label in ARMS) == rules.ARMS == (CHAMPION, CHALLENGER)
