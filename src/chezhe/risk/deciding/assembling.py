"""The case of a round: facts as they were known, the tables and the model in force, and the limits of the day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.rules import PERSON
from chezhe.customers.models import Customer
from chezhe.decisiontables.closures import Compiled
from chezhe.finmath.money import ZERO
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.models import Parameter
from chezhe.policies import queries as policy_queries
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import arms, caps, champion, several
from chezhe.risk.deciding.arms import Applicant
from chezhe.risk.deciding.asking import JOINT
from chezhe.risk.deciding.values import TABLES, Bounds, Case, Cover, Figure, Given, Policy, Strategy
from chezhe.risk.facts import earning, earnings
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.facts.burden import Payer, burden
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import stored
from chezhe.risk.facts.earning import Figures
from chezhe.risk.facts.rules import CONTRADICTED, STALE, Told, Unknown
from chezhe.risk.guarantees import queries as guarantee_queries
from chezhe.risk.guarantees.rules import VEHICLE

DERIVED: Final = "decision"
COVERAGE_MIN: Final = "COVERAGE_MIN"
# What somebody is seen to pay lenders each month, and what the borrower says to pay.
STATEMENT, DECLARED = "flow_lender_debits_monthly", "monthly_debt_declared"
# What counts against a person, and against a company, who stands beside the borrower.
PARTY_MARKS: Final = {
    "parties_barred": (("has_enforcement", "has_consumption_ban", "on_blacklist"), ("company_has_enforcement", "on_blacklist")),
    "parties_in_arrears": (("bureau_overdue_now", "bureau_bad_debt"), ("company_overdue_now", "company_bad_debt")),
    "parties_listed": (("watch_list_hit",), ("watch_list_hit",)),
}


def case_at(asked: Mapping[str, Any], at: datetime) -> tuple[Case, tuple[Figure, ...]]:
    """The case of what a round asked, with what was known at a moment, and the dated figures that bind it."""
    on = date.fromisoformat(asked["on"])
    rows = parameters.find_all((COVERAGE_MIN, *earnings.PARAMETERS), on)
    facts = facts_at(asked["subjects"], asked["parties"], at, earnings.figures_of(rows))
    bounds, figures = bounds_on(asked["licence_type"], asked["region"], facts, on)
    subject, customer, *_rest = asked["subjects"]
    applicant = Applicant(subject=subject, customer=customer, borrower_kind=champion.scored_as(_borrower_kind(facts)))
    strategy = arms.strategy_for(strategy_on(on, facts), applicant)
    case = Case(
        facts=facts, strategy=strategy, bounds=bounds, cover=_cover(rows.get(COVERAGE_MIN)),
        cars=cars_at(subject, asked.get("further", ()), facts, at))
    return case, (*figures, *(_figure(rows[code]) for code in sorted(rows)))


# ---- facts ----------------------------------------------------------------------------------------------------


def facts_at(
    subjects: Sequence[str], parties: Iterable[Sequence[str]], at: datetime, figures: Figures | None
) -> dict[str, Given]:
    """Every fact that was told by then, the unusable ones with what is wrong with them, and what follows from them."""
    facts = _with_income(told_of(subjects, at), figures, at)
    others = [(role, subject, _with_income(told_of([subject], at), figures, at)) for role, subject in parties]
    liable = [told for role, _subject, told in others if role in JOINT]
    return facts | derived(facts, liable, at) | of_parties([(subject, told) for _role, subject, told in others], at)


def _with_income(facts: dict[str, Given], figures: Figures | None, at: datetime) -> dict[str, Given]:
    """With the income that is verified, what it rests on, and how far the declared one is from it (`facts.earning`). Where nothing is, it
    has the fault of the statement's."""
    values = {code: one.value for code, one in facts.items() if one.value is not None}
    disputed = [code for code, one in facts.items() if one.fault == CONTRADICTED]
    found = earning.earned(earning.evidence(values, {code: one.source for code, one in facts.items()}, disputed), figures)
    if found.monthly is None:
        shown = facts.get(earning.STATEMENT)
        return facts if shown is None or shown.value is not None else facts | {earning.VERIFIED: shown}
    worked = {
        earning.VERIFIED: found.monthly, earning.SOURCE: found.source, earning.CONTRADICTED: found.is_contradicted,
        earning.GAP: earning.gap(_whole(facts, earning.DECLARED), found.monthly),
    }
    before = {earning.STATEMENT: facts[earning.VERIFIED]} if earning.VERIFIED in facts and earning.STATEMENT not in facts else {}
    return facts | before | {code: _worked_out(code, value, at) for code, value in worked.items() if value is not None}


def cars_at(subject: str, further: Iterable[str], facts: Mapping[str, Given], at: datetime) -> dict[str, dict[str, Given]]:
    """What was told of each further car by then, by its number, with what it counted for when the coverage was measured."""
    counted = _counted(subject, facts) if further else {}
    found: dict[str, dict[str, Given]] = {}
    for car in further:
        number = car.partition(":")[2]
        value = counted.get(number)
        lending = several.absent(at.isoformat()) if value is None else _worked_out(several.LENDING, value, at)
        found[number] = {code: one for code, one in told_of([car], at).items() if several.is_of_car(code)} | {several.LENDING: lending}
    return found


def _counted(subject: str, facts: Mapping[str, Given]) -> dict[str, int]:
    """What each further car counts for in the coverage that is a fact of this case; nothing where it was measured otherwise since."""
    check = guarantee_queries.latest_check(subject)
    if check is None or check.value.fen != _whole(facts, "coverage_value"):
        return {}
    return {line["number"]: line["amount_fen"] for line in check.lines if line["kind"] == VEHICLE and line["amount_fen"]}


def of_parties(others: Sequence[tuple[str, Mapping[str, Given]]], at: datetime) -> dict[str, Given]:
    """What speaks against anybody else who stands for the loan: yes where one of them is known for it, no where all are known to be free
    of it (also where there is nobody), and nothing as long as a fact of somebody is wanting."""
    companies = company_subjects([subject for subject, _told in others])
    found: dict[str, Given] = {}
    for code, (of_person, of_company) in PARTY_MARKS.items():
        known = [told.get(mark) for subject, told in others for mark in (of_company if subject in companies else of_person)]
        values = [None if one is None else one.value for one in known]
        if True in values or None not in values:
            found[code] = _worked_out(code, True in values, at)
    return found


def company_subjects(subjects: Sequence[str]) -> set[str]:
    """Which of these customers are companies."""
    numbers = [subject.partition(":")[2] for subject in subjects]
    if not numbers:
        return set()
    rows = Customer.objects.filter(number__in=numbers)
    return {row.subject for row in rows if not row.is_person}


def _worked_out(code: str, value: Any, at: datetime) -> Given:
    return Given(value=value, raw=stored(value), type=CATALOGUE[code].type, source=DERIVED, known_at=at.isoformat())


def told_of(subjects: Sequence[str], at: datetime) -> dict[str, Given]:
    """What was told of these subjects, the first counting where two are told the same."""
    assembled = fact_queries.assembled(subjects, at)
    facts = {
        code: Given(
            value=one.value, raw=stored(one.value), type=CATALOGUE[code].type, source=one.source, known_at=one.known_at.isoformat(),
        )
        for code, one in assembled.known.items()
    }
    return facts | {code: _useless(code, one) for code, one in assembled.unknown.items() if one.told}


def _useless(code: str, one: Unknown) -> Given:
    newest: Told = max(one.told, key=lambda told: (told.known_at, told.id))
    raw = None if newest.value is None else stored(newest.value)
    fault = one.why if one.why in (STALE, CONTRADICTED) else (one.reasons[0] if one.reasons else one.why)
    return Given(
        value=None, raw=raw, type=CATALOGUE[code].type, source=newest.source, known_at=newest.known_at.isoformat(), fault=fault,
    )


def derived(facts: Mapping[str, Given], parties: Iterable[Mapping[str, Given]], at: datetime) -> dict[str, Given]:
    """What the household earns and owes: the borrower, and everybody whose income counts because they are liable together
    (DOMAIN.md §4, `facts.burden`). While somebody's debts or the borrower's income are unknown nothing follows; what of the borrower
    was never told stands there as absent, since no table asks for it by name."""
    instalment = _whole(facts, "instalment")
    payers = [_payer("borrower", facts, DECLARED), *(_payer(f"party{place}", one) for place, one in enumerate(parties))]
    summed = burden(payers, instalment or 0)
    if summed.missing:
        is_person = champion.scored_as(_borrower_kind(facts)) == PERSON
        return {code: _absent(code, at) for code in (DECLARED, STATEMENT) if is_person and code not in facts}
    found: dict[str, Any] = {
        "counted_income_monthly": summed.income, "counted_debt_monthly": summed.debt + summed.cards,
        "monthly_debt": summed.debt + summed.cards,
    }
    if instalment is not None and summed.dti is not None:
        found["dti"] = summed.dti
    return {code: _worked_out(code, value, at) for code, value in found.items()}


def _payer(name: str, facts: Mapping[str, Given], *declared: str) -> Payer:
    """Whoever pays lenders more than the bureau knows of, or says so, owes that: the debt is known when the bureau, the statement and what
    was declared (the borrower is asked for it) are. The bureau's figure holds the cards at a tenth of what is used (`facts.burdens`); they
    are counted apart."""
    due, cards = _whole(facts, "bureau_monthly_due"), _whole(facts, "bureau_card_balance")
    asked = (STATEMENT, *declared)
    told = [found for code in asked if (found := _whole(facts, code)) is not None]
    debt = None if due is None or cards is None or len(told) < len(asked) else max(0, due - cards // 10, *told)
    return Payer(name, _whole(facts, "income_verified_monthly"), debt, cards)


def _absent(code: str, at: datetime) -> Given:
    return Given(value=None, raw=None, type=CATALOGUE[code].type, source=CATALOGUE[code].source, known_at=at.isoformat(), fault="absent")


def _whole(facts: Mapping[str, Given], code: str) -> int | None:
    given = facts.get(code)
    return given.value if given is not None and type(given.value) is int else None


# ---- what judges ----------------------------------------------------------------------------------------------


def strategy_on(on: date, facts: Mapping[str, Given]) -> Strategy:
    """The tables in force and the model that scores this kind of borrower."""
    current = in_force(on)
    return Strategy(
        policies={name: policy_of(current[name]) if name in current else None for name in TABLES},
        scorer=champion.scorer_for(_borrower_kind(facts)),
    )


def _borrower_kind(facts: Mapping[str, Given]) -> str:
    kind = facts.get("borrower_kind")
    return str(kind.value) if kind is not None and kind.value is not None else ""


def in_force(on: date) -> dict[str, PolicyVersion]:
    """The version of every table that holds on a day, by code, without what it holds: compiled tables are kept in the process."""
    rows = policy_queries.begun(on).filter(policy__code__in=TABLES).defer(
        "content", "findings", "note", "writer_ids", "policy__contract", "policy__purpose", "policy__purpose_english",
    )
    return {version.policy.code: version for version in reversed(rows)}


def policy_of(version: PolicyVersion) -> Policy | None:
    """A published version, compiled; None for one that cannot be, which refers whatever it would judge."""
    compiled = compiled_or_none(version)
    if compiled is None:
        return None
    return Policy(
        code=version.policy.code, version=version.version, content_hash=version.content_hash, table=compiled,
        collects=compiled.table.hit_policy.is_collecting,
    )


def compiled_or_none(version: PolicyVersion) -> Compiled | None:
    from chezhe.decisiontables.values import TableError

    try:
        return policy_queries.compiled(version)
    except TableError:
        return None


# ---- the law --------------------------------------------------------------------------------------------------


def bounds_on(licence_type: str, region: str, facts: Mapping[str, Given], on: date) -> tuple[Bounds, tuple[Figure, ...]]:
    """The legal limits of this loan on a day. Where a figure is wanting there are none, and the case goes to a person."""
    unbound = Bounds(licence_type=licence_type, region=region, limits=None)
    case = Case(facts=facts, strategy=Strategy(policies={}, scorer=None), bounds=unbound)
    if any(case.value(code) is None for code in caps.CHOOSING):
        return unbound, ()
    try:
        found = compliance_steps.bound(caps.pricing_facts(case, fees=ZERO), on)
    except (BusinessError, ValueError):
        return unbound, ()
    return Bounds(licence_type=licence_type, region=region, limits=found.limits, measure=found.measure), tuple(map(_figure, found.rows))


def cover_on(on: date) -> tuple[Cover, tuple[Figure, ...]]:
    """The least coverage of a day; where there is none every case goes to a person."""
    row = parameters.find(COVERAGE_MIN, on)
    return _cover(row), () if row is None else (_figure(row),)


def _cover(row: Parameter | None) -> Cover:
    return Cover(least_rate=None if row is None else Decimal(row.value))


def _figure(row: Parameter) -> Figure:
    return Figure(code=row.code, value=row.value, effective_from=row.effective_from.isoformat(), source=row.source, row=row.pk)
