"""What really comes in and goes out in a month; statements spread it over days, and a summary of six months is what they add up to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import exp
from random import Random

from chezhe.invented.debts import CARDS, Account, Standing
from chezhe.invented.months import first_day, index
from chezhe.invented.people import PersonLife

SEEN_RATE = 0.85  # of what is earned without a salary: the rest is cash, or on another account
_SPENT_RATE = 0.9


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """One month in fen: a salary, other takings, and stakes of somebody who gambles."""

    month: int
    salary_fen: int
    takings_fen: int
    gambled_fen: int


@dataclass(frozen=True, slots=True)
class FlowSummary:
    """Averages of six whole months as a statement shows them: forged ones show the lie. Balances that break and interest that is missing
    are what an examiner finds; then the statement proves no income."""

    income_fen: int
    salary_months: int
    gambled_fen: int
    lender_debits_fen: int
    average_balance_fen: int
    top_share: float
    is_continuous: bool
    interest_is_right: bool

    @property
    def is_proof(self) -> bool:
        """Whether anything is found in favour of it."""
        return self.is_continuous and self.interest_is_right


def month_flow(life: PersonLife, month: int) -> MonthFlow:
    """A month by its index; the same whenever it is looked at."""
    draws, middle = life.chance.stream(f"flow {month}"), first_day(month).replace(day=15)
    job, income = life.job_on(middle), life.income_on(middle)
    if job is not None and job.kind == "salaried":
        salary, takings = int(income * draws.uniform(0.97, 1.04)) // 100 * 100, int(income * max(0.0, draws.gauss(0.04, 0.05)))
    else:
        salary, takings = 0, int(income * SEEN_RATE * exp(draws.gauss(-0.03, 0.25)))
    return MonthFlow(month, salary, takings // 100 * 100, _stakes(life, draws, income))


def summary(life: PersonLife, on: date, held: list[tuple[Account, Standing]], *, is_forged: bool) -> FlowSummary:
    """Six whole months before a day. `held` are the accounts as they stand."""
    months = [month_flow(life, month) for month in range(index(on) - 6, index(on))]
    income = sum(month.salary_fen + month.takings_fen for month in months) // 6
    salary = sum(month.salary_fen for month in months) // 6
    chance = life.chance
    balance = int(income * exp(0.55 * (life.character * 2 - 1) + 0.8 * chance.normal("savings")) * 1.2)
    debits = sum(stands.due_fen for account, stands in held if stands.is_open and account.kind not in CARDS and not stands.missed)
    shown = int(income * life.lies.income_factor) if is_forged else income
    is_continuous = not (is_forged and chance.happens("breaks balance", 0.75))
    return FlowSummary(
        income_fen=shown, salary_months=sum(1 for month in months if month.salary_fen), gambled_fen=sum(m.gambled_fen for m in months),
        lender_debits_fen=debits, average_balance_fen=balance,
        top_share=max(salary / max(1, income) * (0.6 + 0.3 * chance.share("other money")), 0.22 + 0.45 * chance.share("top")),
        is_continuous=is_continuous, interest_is_right=is_continuous and not (is_forged and chance.happens("forgets interest", 0.7)),
    )


def spent_rate(life: PersonLife, month: int) -> float:
    """What of a month's money goes in everyday life."""
    return min(1.1, _SPENT_RATE + 0.08 * (0.5 - life.character) + 0.06 * life.chance.normal(f"spends {month}"))


def _stakes(life: PersonLife, draws: Random, income: int) -> int:
    if not life.gambles or draws.random() < 0.3:
        return 0
    return int(income * draws.uniform(0.02, 0.35)) // 1000 * 1000
