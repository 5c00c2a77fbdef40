"""The lines of somebody's bank account, as the bank has them: salary, takings, rent, instalments, stakes, the quarter's interest.

Every month is drawn by itself and ends at a balance of its own (what is over goes to the holder's savings, what is missing comes from
there), so that any stretch of days tells the same of its days, and one window continues another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp
from random import Random

from chezhe.invented import words
from chezhe.invented.chance import Chance
from chezhe.invented.debts import CARDS, standing
from chezhe.invented.flows import month_flow, spent_rate
from chezhe.invented.months import first_day, index
from chezhe.invented.people import PersonLife

# What a demand deposit bears a year; banks credit it on the 21st of the last month of a quarter, for the days up to the 20th.
DEMAND_RATE, INTEREST_DAY, DAYS_A_YEAR = 0.0005, 21, 360
QUARTER_MONTHS = (2, 5, 8, 11)  # March, June, September, December, counted from 0
SHOPS = ("示例超市", "示例便利店", "示例加油站", "示例餐厅", "示例药房", "示例网购商城", "示例通信缴费", "示例燃气缴费")
WALLETS = ("微信零钱", "支付宝")
STAKES = ("金沙娱乐城", "皇冠体育竞彩", "星际棋牌充值")
OWN = "本人其他账户"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: `amount_fen` is positive for money in and negative for money out, `balance_fen` what is there afterwards."""

    on: date
    time: str
    amount_fen: int
    balance_fen: int
    summary: str
    party: str
    party_account: str
    serial: str


@dataclass(frozen=True, slots=True)
class _Move:
    on: date
    rank: int
    amount_fen: int
    summary: str
    party: str


def account_number(life: PersonLife, bank: str) -> str:
    """The number of this person's account at a bank (19 digits of an issuer that no bank has)."""
    return f"629999{life.chance.whole(f'account {bank}', 0, 10**13 - 1):013d}"


def lines(life: PersonLife, account: str, first: date, last: date) -> list[Entry]:
    """The true lines from one day to another, both included, in the order of booking."""
    found: list[Entry] = []
    for month in range(index(first), index(last) + 1):
        found += [entry for entry in _month(life, account, month) if first <= entry.on <= last]
    return found


def forged(life: PersonLife, true: Sequence[Entry]) -> list[Entry]:
    """What a forger shows instead: salaries raised (or put in where there were none), now and then without keeping the balances right and
    without the quarter's interest, which a template does not know of."""
    factor, chance = life.lies.income_factor, life.chance
    has_salary = any(entry.summary == "工资" for entry in true)
    shown = list(true) if has_salary else _with_salaries(life, true)
    raised = [_raised(entry, factor) if entry.summary == "工资" and has_salary else entry for entry in shown]
    if chance.happens("forgets interest", 0.7):
        raised = [entry for entry in raised if entry.summary != "结息"]
    return raised if chance.happens("breaks balance", 0.75) else _rebalanced(raised, true)


def told(life: PersonLife, account: str, first: date, last: date) -> list[Entry]:
    """The statement that this person would hand in."""
    true = lines(life, account, first, last)
    return forged(life, true) if life.lies.forges_statement else true


def _month(life: PersonLife, account: str, month: int) -> list[Entry]:
    """The moves of a month in order, each with the balance behind it."""
    moves = sorted([*_moves(life, account, month), *_interest(life, account, month)], key=lambda move: (move.on, move.rank))
    balance, found, chance = _target(life, account, month - 1), [], Chance(f"{account}:{month}")
    draws = chance.stream("lines")
    for move in _funded(moves, balance, _target(life, account, month), first_day(month + 1) - timedelta(days=1)):
        balance += move.amount_fen
        hour = 0 if move.summary == "结息" else draws.randrange(8, 22)
        found.append(Entry(
            on=move.on, time=f"{hour:02d}:{draws.randrange(60):02d}:{draws.randrange(60):02d}", amount_fen=move.amount_fen,
            balance_fen=balance, summary=move.summary, party=move.party, party_account=_account_of(move.party),
            serial=f"{month}{draws.randrange(10**10):010d}"))
    return _in_order(found)


def _in_order(found: list[Entry]) -> list[Entry]:
    """Times of a day rise in the order of booking."""
    times: dict[date, list[str]] = {}
    for entry in found:
        times.setdefault(entry.on, []).append(entry.time)
    rising = {day: iter(sorted(each)) for day, each in times.items()}
    return [replace(entry, time=next(rising[entry.on])) for entry in found]


def _moves(life: PersonLife, account: str, month: int) -> Iterator[_Move]:
    """Everything but interest and what is moved to and from savings."""
    draws, flow, start = Chance(f"{account}:{month}").stream("moves"), month_flow(life, month), first_day(month)

    def day(low: int = 1, high: int = 28) -> date:
        return start.replace(day=draws.randrange(low, high + 1))

    job = life.job_on(start.replace(day=15))
    if flow.salary_fen and job is not None:
        yield _Move(start.replace(day=job.pay_day), 1, flow.salary_fen, "工资", job.employer)
    yield from _takings(draws, flow.takings_fen, start)
    if not life.owns_house_on(start):
        yield _Move(day(1, 6), 4, -draws.randrange(120_000, 420_000, 10_000), "房租", words.person_name(life.chance, "landlord"))
    yield from _credit(life, month, start)
    spent = int((flow.salary_fen + flow.takings_fen) * max(0.2, spent_rate(life, month) - 0.45))
    yield from _shopping(draws, spent, start)
    if flow.gambled_fen:
        yield from (_Move(day(), 6, -flow.gambled_fen // 3, "消费", draws.choice(STAKES)) for _ in range(3))
    if life.ring is not None or draws.random() < 0.02:
        passing, on = draws.randrange(2_000_000, 9_000_000, 100_000), day(5, 24)
        yield _Move(on, 2, passing, "转账", words.person_name(life.chance, f"friend {month}"))
        yield _Move(on, 7, -passing, "转账", words.person_name(life.chance, f"friend {month + 1}"))


def _takings(draws: Random, whole: int, start: date) -> Iterator[_Move]:
    count = max(1, min(12, whole // 60_000))
    weights = [draws.uniform(0.4, 1.6) for _ in range(count)]
    for weight in weights:
        part = int(whole * weight / sum(weights))
        if part > 0:
            yield _Move(start.replace(day=draws.randrange(1, 29)), 2, part, draws.choice(("转账", "收款", "提现")), draws.choice(WALLETS))


def _credit(life: PersonLife, month: int, start: date) -> Iterator[_Move]:
    """Instalments that were paid, and loans that came in."""
    on = start.replace(day=28)
    for account in life.accounts_on(on):
        stands = standing(account, on)
        if index(account.opened_on) == month and account.kind in ("D1", "R1", "R4") and account.business != "house":
            proceeds = account.amount_fen if account.kind == "D1" else stands.balance_fen
            yield _Move(account.opened_on, 2, proceeds, "贷款发放", account.institution)
        elif stands.is_open and not stands.missed and stands.due_fen:
            day = start.replace(day=min(28, account.opened_on.day))
            yield _Move(day, 5, -stands.due_fen, "信用卡还款" if account.kind in CARDS else "贷款还款", account.institution)


def _shopping(draws: Random, whole: int, start: date) -> Iterator[_Move]:
    count = draws.randrange(12, 24)
    weights = [exp(draws.gauss(0, 0.9)) for _ in range(count)]
    for weight in weights:
        part = int(whole * weight / sum(weights))
        if part > 0:
            yield _Move(start.replace(day=draws.randrange(1, 29)), 6, -part, "消费", draws.choice(SHOPS))


def _funded(moves: Sequence[_Move], balance: int, target: int, last: date) -> Iterator[_Move]:
    """With money fetched from savings before it runs out, and the month's end set right."""
    for move in moves:
        if balance + move.amount_fen < 0:
            fetched = -(balance + move.amount_fen) // 10_000 * 10_000 + 20_000
            balance += fetched
            yield _Move(move.on, 3, fetched, "转账", OWN)
        balance += move.amount_fen
        yield move
    if balance != target:
        yield _Move(last, 9, target - balance, "转账", OWN)


def _interest(life: PersonLife, account: str, month: int) -> Iterator[_Move]:
    """The quarter's interest on the balances at the end of each day, from the 21st three months ago to the 20th."""
    if month % 12 not in QUARTER_MONTHS:
        return
    last = first_day(month).replace(day=INTEREST_DAY - 1)
    first = first_day(month - 3).replace(day=INTEREST_DAY)
    balances = _day_balances(life, account, first, last)
    fen = int(sum(balances) * DEMAND_RATE / DAYS_A_YEAR + 0.5)
    if fen > 0:
        yield _Move(last + timedelta(days=1), 0, fen, "结息", "")


def _day_balances(life: PersonLife, account: str, first: date, last: date) -> list[int]:
    """What lay there at the end of each day; interest itself, a few fen, is left out."""
    ends: dict[date, int] = {}
    for month in range(index(first), index(last) + 1):
        moves, balance = sorted(_moves(life, account, month), key=lambda move: (move.on, move.rank)), _target(life, account, month - 1)
        ends[first_day(month) - timedelta(days=1)] = balance
        for move in _funded(moves, balance, _target(life, account, month), first_day(month + 1) - timedelta(days=1)):
            balance += move.amount_fen
            ends[move.on] = balance
    found, held = [], max((day, balance) for day, balance in ends.items() if day <= first)[1]
    for offset in range((last - first).days + 1):
        held = ends.get(first + timedelta(days=offset), held)
        found.append(held)
    return found


def _target(life: PersonLife, account: str, month: int) -> int:
    """What is left at the end of a month, in whole fen."""
    level = exp(0.55 * (life.character * 2 - 1) + 0.8 * life.chance.normal("savings"))
    swing = Chance(f"{account}:{month}").share("target") * 0.8 + 0.4
    return int(life.income_on(first_day(month)) * level * swing)


def _account_of(party: str) -> str:
    return "" if not party else f"629999{Chance(party).whole('account', 0, 10**13 - 1):013d}"


def _raised(entry: Entry, factor: float) -> Entry:
    return replace(entry, amount_fen=int(entry.amount_fen * factor) // 10_000 * 10_000)


def _with_salaries(life: PersonLife, true: Sequence[Entry]) -> list[Entry]:
    """A firm that never paid him pays every month, in front of what else came that day."""
    firm, found, paid = words.firm_name(life.chance, "forged employer"), [], set()
    for entry in true:
        month = index(entry.on)
        if entry.on.day >= 10 and month not in paid:
            paid.add(month)
            amount = int(life.income_on(entry.on) * (life.lies.income_factor - 0.4)) // 10_000 * 10_000
            found.append(Entry(entry.on, "09:00:00", amount, entry.balance_fen, "工资", firm, _account_of(firm), f"{month}0000000001"))
        found.append(entry)
    return found


def _rebalanced(shown: Sequence[Entry], true: Sequence[Entry]) -> list[Entry]:
    """A careful forger reckons every balance anew."""
    balance = true[0].balance_fen - true[0].amount_fen if true else 0
    found = []
    for entry in shown:
        balance += entry.amount_fen
        found.append(replace(entry, balance_fen=balance))
    return found
