"""Who in the end owns a company: worked by hand, with chains, circles and parts that nobody is traced to."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.risk.screening.owning import Holding, Owners, SharesOverWhole, beneficial_owners, holders

QUARTER = Decimal("0.25")


def holdings(*rows: str) -> list[Holding]:
    """`A < p 60` says that the person p holds 60 % of A; companies are capital letters."""
    return [Holding(row.split()[0], row.split()[2], row.split()[2].islower(), Decimal(row.split()[3]) / 100) for row in rows]


def owners(*rows: str, controllers: tuple[str, ...] = (), managers: tuple[str, ...] = ()) -> Owners:
    return beneficial_owners("A", holdings(*rows), controllers=controllers, managers=managers, least=QUARTER)


def said(found: Owners) -> list[str]:
    return [f"{owner.person} {owner.basis} {owner.share_rate:.4f}" for owner in found.owners]


@pytest.mark.parametrize(("rows", "expected"), [
    (["A < p 60", "A < q 40"], ["p ownership 0.6000", "q ownership 0.4000"]),
    (["A < p 75", "A < q 25"], ["p ownership 0.7500", "q ownership 0.2500"]),
    (["A < p 75.01", "A < q 24.99"], ["p ownership 0.7501"]),
    # Half of six tenths, through one company in between.
    (["A < B 60", "A < q 40", "B < p 50", "B < r 50"], ["q ownership 0.4000", "p ownership 0.3000", "r ownership 0.3000"]),
    # Neither chain is a quarter; together they are.
    (["A < B 30", "A < C 30", "A < q 40", "B < p 50", "B < r 50", "C < p 40", "C < s 60"], ["q ownership 0.4000", "p ownership 0.2700"]),
    # Directly and through a company.
    (["A < p 15", "A < B 85", "B < p 20", "B < q 80"], ["q ownership 0.6800", "p ownership 0.3200"]),
    # Four storeys.
    (["A < B 100", "B < C 100", "C < D 80", "C < q 20", "D < p 50", "D < r 50"], ["p ownership 0.4000", "r ownership 0.4000"]),
])
def test_shares_add_up_through_chains(rows: list[str], expected: list[str]) -> None:
    found = owners(*rows)
    assert said(found) == expected and found.known_rate == 1 and not found.is_unknown


def test_two_companies_that_hold_each_other_are_solved_exactly() -> None:
    """a = 0.4 p + 0.6 b, b = 0.2 a + 0.8 q: a = (0.4 p + 0.48 q) ÷ 0.88."""
    found = owners("A < B 60", "A < p 40", "B < A 20", "B < q 80")
    assert said(found) == ["q ownership 0.5455", "p ownership 0.4545"] and found.cycles == ("A", "B") and found.known_rate == 1


def test_a_circle_without_any_person_is_traced_to_nobody() -> None:
    found = owners("A < B 100", "B < A 100")
    assert said(found) == [] and found.known_rate == 0 and found.is_unknown


def test_a_circle_beside_the_line_does_not_disturb_it() -> None:
    found = owners("A < p 70", "A < B 30", "B < C 100", "C < B 100")
    assert said(found) == ["p ownership 0.7000"] and found.known_rate == Decimal("0.7") and found.is_unknown


def test_a_company_that_holds_its_own_shares_is_owned_by_the_others_alone() -> None:
    found = owners("A < A 20", "A < p 80")
    assert said(found) == ["p ownership 1.0000"] and found.cycles == ("A",)


def test_the_chains_and_storeys_are_named() -> None:
    found = owners("A < B 60", "A < p 40", "B < C 100", "C < p 100")
    assert found.owners[0].chains == ((), ("B", "C")) and found.layers == 2


def test_who_controls_it_otherwise_is_an_owner_beside_those_who_hold_it() -> None:
    found = owners("A < p 30", *(f"A < {name} 14" for name in "qrstu"), controllers=("x",))
    assert said(found) == ["p ownership 0.3000", "x control 0.0000"]


def test_a_controller_who_also_holds_a_quarter_is_named_once() -> None:
    assert said(owners("A < p 100", controllers=("p",))) == ["p ownership 1.0000"]


def test_if_nobody_owns_or_controls_it_who_runs_it_stands_in() -> None:
    found = owners(*(f"A < {name} 10" for name in "pqrstuvwxy"), managers=("m",))
    assert said(found) == ["m management 0.0000"] and not found.is_unknown and found.known_rate == 1


def test_who_runs_it_does_not_stand_in_while_an_owner_may_hide() -> None:
    found = owners("A < p 10", "A < B 90", managers=("m",))
    assert said(found) == [] and found.is_unknown and found.known_rate == Decimal("0.1")


def test_an_owner_is_named_and_the_rest_still_unknown() -> None:
    found = owners("A < p 60", "A < B 40")
    assert said(found) == ["p ownership 0.6000"] and found.is_unknown


def test_less_than_a_quarter_untraced_hides_no_owner() -> None:
    assert not owners("A < p 76").is_unknown and owners("A < p 75").is_unknown


def test_nothing_recorded_is_unknown() -> None:
    assert owners(managers=("m",)).is_unknown


def test_more_than_the_whole_is_refused() -> None:
    with pytest.raises(SharesOverWhole) as refused:
        owners("A < B 100", "B < p 60", "B < q 50")
    assert refused.value.company == "B" and refused.value.total == Decimal("1.1")


NAMES = "ABCDE"


@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(f"{NAMES}pqr"), st.integers(1, 20)), max_size=14))
def test_what_people_hold_is_never_more_than_the_whole_and_agrees_with_going_round_many_times(rows: list[tuple[str, str, int]]) -> None:
    """Going up the chains step by step, thousands of times, comes to the same as the exact solution."""
    given_shares: dict[tuple[str, str], Decimal] = {}
    for company, holder, share in rows:
        given_shares[company, holder] = Decimal(share) / 100
    found = beneficial_owners("A", [Holding(c, h, h.islower(), s) for (c, h), s in given_shares.items()], least=QUARTER)
    assert 0 <= found.known_rate <= 1 and sum(found.people.values()) <= Decimal("1.000003")
    carried: dict[str, Fraction] = {"A": Fraction(1)}
    people: dict[str, Fraction] = {}
    for _round in range(60):
        following: dict[str, Fraction] = {}
        for (company, holder), share in given_shares.items():
            part = carried.get(company, Fraction(0)) * Fraction(share)
            target = people if holder.islower() else following
            target[holder] = target.get(holder, Fraction(0)) + part
        carried = following
    for person, share in people.items():
        assert abs(Fraction(found.people.get(person, Decimal(0))) - share) < Fraction(1, 10**5)


def test_whoever_holds_a_quarter_is_named_with_the_companies_on_the_way() -> None:
    def found(*rows: str) -> list[str]:
        return sorted(holders("A", holdings(*rows), least=QUARTER))

    assert found("A < B 60", "A < q 20", "B < p 50", "B < r 30") == ["B", "p"]
    assert found("A < B 30", "A < C 30", "A < q 24.99", "B < p 50", "C < p 40") == ["B", "C", "p"]
    assert found("A < B 60", "A < p 40", "B < A 20", "B < q 80") == ["B", "p", "q"]
    assert found("A < B 60", "A < p 50", "B < q 5") == ["B", "p", "q"], "more than the whole: nobody hides behind it"
