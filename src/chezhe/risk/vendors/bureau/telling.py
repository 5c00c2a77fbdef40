"""What the bureau tells of a life on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from chezhe.invented import troubles
from chezhe.invented.debts import Account, Standing, standing
from chezhe.invented.months import first_day, index, later
from chezhe.invented.people import PersonLife
from chezhe.invented.troubles import Event
from chezhe.risk.vendors.bureau import scoring
from chezhe.risk.vendors.bureau.answers import (
    BaseInfo,
    CreditAccount,
    Dated,
    FiveClass,
    Guarantee,
    Header,
    Note,
    OpenCredit,
    PersonalReport,
    PublicRecord,
    Query,
    Summary,
)

Held = Sequence[tuple[Account, Standing]]
_SECTIONS = ("D1", "R1", "R4", "R2", "R3", "C1")
_PUBLIC = {"civil": "judgment", "enforcement": "enforcement"}
_QUERIES_KEPT = timedelta(days=730)
ASKED_BY = "车辙演示机构"


def report_of(
    life: PersonLife, at: datetime, *, name: str = "", reason: str = troubles.LOAN, is_whole: bool = True, contradicts: bool = False
) -> PersonalReport:
    """The report at a moment (its day is that of `at` as it stands). Without `is_whole` the five-year table stays empty; one that
    `contradicts` owes more in its summary than in its accounts."""
    on = at.date()
    held = [(account, standing(account, on)) for account in life.accounts_on(on)]
    queries = _queries(life, on)
    accounts = tuple(_account(number, account, stands, on, is_whole) for number, (account, stands) in enumerate(held, start=1))
    guarantees = _guarantees(life, on)
    return PersonalReport(
        header=Header(number=f"{on:%Y%m%d}{life.chance.whole('report', 0, 10**10 - 1):010d}", reported_at=at, asked_by=ASKED_BY,
                      reason=reason),  # type: ignore[arg-type]
        base=_base(life, on, name or life.name), summary=_summary(life, on, held, accounts, guarantees, queries, contradicts),
        accounts=accounts, guarantees=guarantees, public=public_of(life.cases, on), notes=_notes(life, on), queries=queries,
    )


def _base(life: PersonLife, on: date, name: str) -> BaseInfo:
    jobs = [job for job in life.jobs if job.from_on <= on and job.employer][-3:]
    return BaseInfo(
        name=name, id_number=life.id_number, sex="male" if life.is_male else "female", born_on=life.born_on, education=life.education,
        marital_status=life.marital_on(on),  # type: ignore[arg-type]
        mobiles=(Dated(text=life.mobile, told_on=min(on, life.mobile_since)),),
        addresses=(Dated(text=life.address, told_on=min(on, later(life.born_on, 300))),),
        employers=tuple(Dated(text=job.employer, told_on=job.from_on) for job in reversed(jobs)),
    )


def _account(number: int, account: Account, stands: Standing, on: date, is_whole: bool) -> CreditAccount:
    codes = codes_of(account, stands, on, 60 if is_whole else 24)
    ages = _ages(stands)
    is_loan = account.kind == "D1"
    status = "bad_debt" if stands.is_bad else "overdue" if stands.overdue_fen else "normal" if stands.is_open else (
        "settled" if is_loan else "closed")
    return CreditAccount(
        number=f"A{number:03d}-{account.seed % 10**8:08d}", kind=account.kind, institution=account.institution,  # type: ignore[arg-type]
        business=account.business, opened_on=account.opened_on,  # type: ignore[arg-type]
        due_on=later(account.opened_on, account.term) if is_loan else None, closed_on=None if stands.is_open else _closed_on(account, on),
        amount_fen=account.amount_fen, currency="CNY", guarantee_mode=account.guarantee, terms=account.term,  # type: ignore[arg-type]
        is_joint=account.business == "house", status=status, five_class=_five_class(stands),  # type: ignore[arg-type]
        balance_fen=stands.balance_fen, remaining_terms=stands.remaining, due_fen=stands.due_fen,
        paid_fen=0 if stands.missed else stands.due_fen, paid_on=None if stands.missed or not stands.is_open else _last_due(account, on),
        overdue_terms=min(stands.missed, 600), overdue_fen=stands.overdue_fen, overdue_31_60_fen=ages[1], overdue_61_90_fen=ages[2],
        overdue_91_180_fen=ages[3], overdue_over_180_fen=ages[4], large_instalment_fen=0, months24=codes[-24:],
        months60=codes if is_whole else "", months60_overdue_fen=tuple(_overdue_then(account, code) for code in codes) if is_whole else (),
    )


def codes_of(account: Account, stands: Standing, on: date, length: int) -> str:
    """The status of so many months up to the day, oldest first."""
    history = stands.history[-length:]
    codes = "".join("N1234567B"[month] for month in history)
    since_end = index(on) - index(account.opened_on) - len(stands.history) if not stands.is_open else 0
    if not stands.is_open and codes:
        codes = codes[:-1] + "C"
    return (codes + "*" * max(0, since_end)).rjust(length, "*")[-length:]


def _closed_on(account: Account, on: date) -> date:
    end = later(account.opened_on, account.term) if account.kind == "D1" else account.closed_on or on
    return min(on, end)


def _last_due(account: Account, on: date) -> date | None:
    day = later(first_day(index(on)), 0).replace(day=min(28, account.opened_on.day))
    last = day if day <= on else later(day, -1)
    return last if last > account.opened_on else None


def _ages(stands: Standing) -> tuple[int, int, int, int, int]:
    """Overdue money by age: the oldest instalment is `missed` months old, the newest under one."""
    if not stands.missed:
        return 0, 0, 0, 0, 0
    if stands.is_bad:
        return 0, 0, 0, 0, stands.overdue_fen
    each = stands.overdue_fen // stands.missed
    counts = [1, *(int(stands.missed >= month) for month in (2, 3)), max(0, min(3, stands.missed - 3)), max(0, stands.missed - 6)]
    return tuple(each * count for count in counts)  # type: ignore[return-value]


def _overdue_then(account: Account, code: str) -> int:
    if code == "B":
        return account.amount_fen
    return min(account.amount_fen, account.monthly_fen * int(code)) if code.isdigit() else 0


def _five_class(stands: Standing) -> FiveClass:
    if stands.is_bad:
        return "loss"
    return "normal" if not stands.missed else "watch" if stands.missed < 4 else "substandard" if stands.missed < 7 else "doubtful"


def _summary(
    life: PersonLife, on: date, held: Held, accounts: Sequence[CreditAccount], guarantees: Sequence[Guarantee], queries: Sequence[Query],
    contradicts: bool,
) -> Summary:
    loans = [account for account in accounts if account.kind in ("D1", "R1", "R4")]
    cards = [account for account in accounts if account.kind in ("R2", "R3")]
    bad = [account for account in accounts if account.status == "bad_debt" or account.kind == "C1"]
    month = [query for query in queries if query.on > later(on, -1)]
    late = [account for account in accounts if any(code.isdigit() for code in account.months24)]
    return Summary(
        score=scoring.score(life, on, held, queries), house_loans=sum(1 for loan in loans if loan.business == "house"),
        car_loans=sum(1 for loan in loans if loan.business == "car"),
        other_loans=sum(1 for loan in loans if loan.business not in ("house", "car")), cards=len(cards),
        first_loan_month=_first_month(loans), first_card_month=_first_month(cards), bad_debts=len(bad),
        bad_debts_fen=sum(account.balance_fen for account in bad), overdue_accounts=len(late),
        overdue_months=sum(sum(1 for code in account.months24 if code.isdigit()) for account in late),
        overdue_highest_fen=max((account.overdue_fen for account in accounts), default=0),
        open_credit=tuple(_open_credit(accounts, kind, contradicts) for kind in _SECTIONS[:5] if any(a.kind == kind for a in accounts)),
        guarantees=len(guarantees), guarantees_fen=sum(guarantee.balance_fen for guarantee in guarantees),
        queries_month_loan=sum(1 for query in month if query.reason == troubles.LOAN),
        queries_month_card=sum(1 for query in month if query.reason == troubles.CARD), queries_two_years=len(queries),
    )


def _open_credit(accounts: Sequence[CreditAccount], kind: str, contradicts: bool) -> OpenCredit:
    found = [account for account in accounts if account.kind == kind and account.status not in ("settled", "closed")]
    owed = sum(account.balance_fen for account in found)
    return OpenCredit(
        kind=kind, institutions=len({account.institution for account in found}), accounts=len(found),  # type: ignore[arg-type]
        granted_fen=sum(account.amount_fen for account in found), balance_fen=owed + (100_000 if contradicts else 0),
        average_payment_fen=sum(account.due_fen for account in found),
    )


def _first_month(accounts: Sequence[CreditAccount]) -> str:
    return min((f"{account.opened_on:%Y-%m}" for account in accounts), default="")


def _guarantees(life: PersonLife, on: date) -> tuple[Guarantee, ...]:
    if not life.chance.happens("guarantees", 0.07):
        return ()
    given_on = later(life.born_on, 320 + life.chance.whole("guarantee given", 0, 120))
    amount = life.chance.whole("guarantee", 5, 80) * 1_000_000
    until = later(given_on, 60)
    if not given_on <= on < until:
        return ()
    left = amount * (60 - (index(on) - index(given_on))) // 60
    return (Guarantee(
        institution="远山银行", given_on=given_on, until=until, amount_fen=amount, balance_fen=max(0, left), five_class="normal"),)


def public_of(cases: Iterable[Event], on: date) -> tuple[PublicRecord, ...]:
    """Judgments and enforcement of a person or a company up to a day."""
    return tuple(
        PublicRecord(kind=_PUBLIC[case.kind], by=case.party, on=case.on, amount_fen=case.amount_fen,  # type: ignore[arg-type]
                     closed_on=case.over_on if case.over_on is not None and case.over_on <= on else None)
        for case in cases if case.kind in _PUBLIC and case.on <= on
    )


def _notes(life: PersonLife, on: date) -> tuple[Note, ...]:
    if not life.chance.happens("disputes", 0.015):
        return ()
    day = later(date(2023, 1, 15), life.chance.whole("disputed", 0, 60))
    return (Note(kind="dispute", on=day, text="信息主体对其中一个账户的逾期记录有异议，正在核查。"),) if day <= on else ()


def _queries(life: PersonLife, on: date) -> tuple[Query, ...]:
    return tuple(
        Query(on=event.on, institution=event.party, reason=event.kind)  # type: ignore[arg-type]
        for event in reversed(life.enquiries_in(on - _QUERIES_KEPT, on))
    )
