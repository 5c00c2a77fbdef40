"""The doors of money as a program finds them: what is sent, who sends it, and what makes the agreed thing happen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chezhe.customers.tests.filing import CARD
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.servicing import queries
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.tests.deciding import agree, all_agree, answer, ask_refund, risk, someone
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_repricing import OTHER_CAR
from chezhe.servicing.tests.test_security_money import leave
from chezhe.servicing.tests.test_taking_back import taken_back
from chezhe.servicing.tests.test_vehicle_release import second_car, valued

FEBRUARY, MID, APRIL, AUGUST = date(2026, 2, 15), date(2026, 2, 20), date(2026, 4, 1), date(2026, 8, 1)
WHY = {"reason": "客户来电，已核实"}


@dataclass(frozen=True)
class Case:
    """A door as a program finds it: its address, what is sent, who sends it, and what makes the agreed thing happen."""

    path: str
    body: dict[str, Any] = field(default_factory=dict)
    by: Callable[[Bank], Actor] = lambda bank: bank.fang
    after: Callable[[Any], object] = lambda _answer: None


def slip(yuan: str, on: date | None = None, **more: str) -> dict[str, Any]:
    return {"amount": yuan, "channel": "bank", "reference": "S9", **({"paid_on": on.isoformat()} if on else {}), **more}


def funding(bank: Bank) -> Actor:
    return someone(bank, "付", roles.FUNDING)


def agreed(bank: Bank) -> Callable[[Any], object]:
    """Those who have to agree do so, one stage after the other."""
    return lambda done: all_agree(bank, LoanChange.objects.get(number=done.json()["number"]))


def at(bank: Bank, loan: Loan, day: date) -> str:
    days_pass(bank, day)
    loan.refresh_from_db()
    return f"servicing/loans/{loan.number}"


def asked(path: str, day: date, **body: Any) -> Callable[[Bank, Loan], Case]:
    """A change that is asked for on `day` and agreed to at once."""
    return lambda bank, loan: Case(f"{at(bank, loan, day)}/{path}", {**body, **WHY}, after=agreed(bank))


def overpaid(bank: Bank, loan: Loan) -> str:
    home = at(bank, loan, FEBRUARY)
    pay(bank, loan, "3821.43", FEBRUARY, "R1")
    return home


def refund_case(bank: Bank, loan: Loan) -> Case:
    return Case(f"{overpaid(bank, loan)}/refunds", {"amount": "500.00", **WHY}, after=agreed(bank))


def _refund(bank: Bank, loan: Loan) -> LoanChange:
    overpaid(bank, loan)
    return agree(ask_refund(bank, loan, 50_000), bank.cast.gao)


def paying_case(bank: Bank, loan: Loan) -> Case:
    change = _refund(bank, loan)
    return Case(f"servicing/loan-changes/{change.number}/pay-refund", by=funding, after=lambda _done: answer(change, "paid"))


def cancelling_case(bank: Bank, loan: Loan) -> Case:
    return Case(f"servicing/loan-changes/{_refund(bank, loan).number}/cancel-refund", WHY)


def late_case(bank: Bank, loan: Loan) -> Case:
    """Found after another payment was booked."""
    home = at(bank, loan, APRIL)
    pay(bank, loan, "1000.00", APRIL, "R1")
    return Case(f"{home}/repayments", slip("3000.00", MID))


def settling_case(bank: Bank, loan: Loan) -> Case:
    home = at(bank, loan, date(2026, 2, 1))
    return Case(f"{home}/settlement", slip(str(queries.settlement_quote(loan, date(2026, 2, 1)).to_pay)))


def subsidy_case(bank: Bank, loan: Loan) -> Case:
    home = at(bank, loan, FEBRUARY)
    return Case(f"{home}/subsidies", {"period": 1})


def deposit_case(path: str, yuan: str) -> Callable[[Bank, Loan], Case]:
    def make(bank: Bank, loan: Loan) -> Case:
        leave(bank, loan, "5000.00")
        return Case(f"{at(bank, loan, FEBRUARY)}/{path}", {"amount": yuan, **WHY}, after=agreed(bank))

    return make


def car_case(bank: Bank, loan: Loan) -> Case:
    car = second_car(bank, loan)
    valued(loan.contract.vehicle, 20_000_000)
    valued(car, 9_000_000)
    body = {"vehicle_number": car.number, **WHY}
    return Case(f"servicing/loans/{loan.number}/vehicle-releases", body, after=agreed(bank))


def reversing_case(bank: Bank, loan: Loan) -> Case:
    """A payment of the first due date, months later: what the nights would have done without it is booked as well."""
    home = at(bank, loan, FEBRUARY)
    event = pay(bank, loan, "3321.43", FEBRUARY, "R1")
    at(bank, loan, AUGUST)
    return Case(f"{home}/events/{event.pk}/reverse", WHY)


def calling_off_case(bank: Bank, loan: Loan) -> Case:
    home = at(bank, loan, APRIL)
    change = request_acceleration(loan_number=loan.number, reason="失联", by=bank.fang)
    agree(change, risk(bank))
    return Case(f"{home}/events/{change.event_id}/reverse", WHY, after=agreed(bank))


def registered_case(bank: Bank, loan: Loan) -> Case:
    """What a clerk had registered before the statement brought it is in suspense again."""
    home = at(bank, loan, FEBRUARY)
    event = pay(bank, loan, "3321.43", FEBRUARY, "S1")
    file_of(bank, loan, f"2026-02-15,3321.43,S1,王小明,,{loan.number}", posts=True)
    return Case(f"{home}/events/{event.pk}/reverse", WHY)


def file_of(bank: Bank, loan: Loan, *rows: str, posts: bool = False) -> str:
    number = imported(bank, *rows).number
    if posts:
        post_bank_file(file_number=number, by=bank.fang)
    return number


def file_case(bank: Bank, loan: Loan) -> Case:
    """A loan's only line, two of another (the second after the first was booked), one registered before, two that nobody knows."""
    other = lend(bank, **OTHER_CAR)
    at(bank, loan, MID)
    pay(bank, other, "77.00", MID, "S6")
    number = file_of(
        bank, loan, f"2026-02-16,3321.43,S1,王小明,,还款 {loan.number}", f"2026-02-16,1000.00,S2,王小明,,{other.number}",
        f"2026-02-17,50.00,S3,王小明,,{other.number}", "2026-02-17,60.00,S4,李四,,房租", "2026-02-17,70.00,S5,李四,,还 L26-999999-9",
        f"2026-02-20,77.00,S6,王小明,,{other.number}", f"2026-02-20,80.00,S7,王小明,{CARD},",
    )
    return Case(f"servicing/bank-files/{number}/post")


def match_case(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, MID)
    file_of(bank, loan, "2026-02-16,60.00,S4,李四,,房租", posts=True)
    return Case("servicing/bank-lines/S4/match", {"loan_number": loan.number, **WHY})


def taken_back_case(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, FEBRUARY)
    file_of(bank, loan, f"2026-02-15,100.00,S1,王小明,,还款 {loan.number}", posts=True)
    tally = taken_back(bank, "S1", "100.00")
    return Case("servicing/taken-back-receipts", {"tally_number": tally.number, "bank_serial": "S1", **WHY})


CASES: dict[str, Callable[[Bank, Loan], Case]] = {
    "repayment": lambda bank, loan: Case(f"{at(bank, loan, APRIL)}/repayments", slip("3000.00", APRIL)),
    "repayment of an earlier day": lambda bank, loan: Case(f"{at(bank, loan, APRIL)}/repayments", slip("3000.00", MID)),
    "repayment found late": late_case,
    "prepayment": lambda bank, loan: Case(f"{at(bank, loan, START)}/prepayments", slip("20000.00", mode="shorten_term")),
    "settlement": settling_case,
    "deposit": lambda bank, loan: Case(f"{at(bank, loan, FEBRUARY)}/deposits", slip("5000.00", FEBRUARY)),
    "insurance": lambda bank, loan: Case(f"{at(bank, loan, APRIL)}/insurance-proceeds", slip("20000.00", APRIL)),
    "subsidy": subsidy_case,
    "refund": refund_case,
    "fee": lambda bank, loan: Case(f"{at(bank, loan, APRIL)}/fees", {"fee": "legal", "amount": "300.00", **WHY}),
    "large fee": asked("fees", APRIL, fee="legal", amount="30000.00"),
    "waiver": asked("waivers", APRIL, item="interest", amount="1500.00"),
    "due day": asked("due-day-changes", START, due_day=20),
    "holiday": asked("holidays", START, months=1),
    "extension": asked("extensions", START, months=6),
    "restructuring": asked("restructurings", APRIL, method="equal_instalment", annual_rate="0.10", periods=48),
    "rate change": asked("rate-changes", START, annual_rate="0.11"),
    "acceleration": asked("acceleration", APRIL),
    "write-off": asked("write-off", AUGUST),
    "deposit use": deposit_case("deposit-uses", "3321.43"),
    "deposit return": deposit_case("deposit-returns", "5000.00"),
    "vehicle release": car_case,
    "paying a refund": paying_case,
    "cancelling a refund": cancelling_case,
    "reversal": reversing_case,
    "calling off": calling_off_case,
    "reversal of what was registered": registered_case,
    "match": match_case,
    "bank file": file_case,
    "taken back": taken_back_case,
}


BAD: dict[str, Callable[[Bank, Loan], Case]] = {
    "repayment of tomorrow": lambda bank, loan: Case(f"{at(bank, loan, START)}/repayments", slip("1.00", MID)),
    "prepayment of too little": lambda bank, loan: Case(f"{at(bank, loan, START)}/prepayments", slip("1.00", mode="shorten_term")),
    "prepayment while overdue": lambda bank, loan: Case(f"{at(bank, loan, APRIL)}/prepayments", slip("20000.00", mode="shorten_term")),
    "settlement of another sum": lambda bank, loan: Case(f"{at(bank, loan, START)}/settlement", slip("1.00")),
    "subsidy of a line to come": lambda bank, loan: Case(f"{at(bank, loan, START)}/subsidies", {"period": 1}),
    "refund of too much": asked("refunds", START, amount="1.00"),
    "refund to a stranger": asked("refunds", START, amount="1.00", account_tail="0001"),
    "waiver of too much": asked("waivers", APRIL, item="interest", amount="999999.00"),
    "due day of no month": asked("due-day-changes", START, due_day=32),
    "holiday without end": asked("holidays", START, months=999),
    "rate above the cap": asked("rate-changes", START, annual_rate="0.50"),
    "write-off too early": asked("write-off", APRIL),
    "last car": lambda bank, loan: Case(
        f"servicing/loans/{loan.number}/vehicle-releases", {"vehicle_number": loan.contract.vehicle.number, **WHY}),
    "no deposit": asked("deposit-uses", APRIL, amount="1.00"),
    "an event that is none": lambda bank, loan: Case(f"servicing/loans/{loan.number}/events/999999/reverse", WHY),
    "no reason": lambda bank, loan: Case(f"{at(bank, loan, APRIL)}/acceleration", {"reason": " "}),
    "another loan's receipt": lambda bank, loan: Case("servicing/bank-lines/S404/match", {"loan_number": loan.number, **WHY}),
    "a slip that was used": lambda bank, loan: Case(f"{used_slip(bank, loan)}/repayments", slip("2.00", APRIL)),
    "a change that waits": lambda bank, loan: Case(f"{waiting(bank, loan)}/acceleration", WHY),
}


def used_slip(bank: Bank, loan: Loan) -> str:
    home = at(bank, loan, APRIL)
    pay(bank, loan, "1.00", APRIL, "S9")
    return home


def waiting(bank: Bank, loan: Loan) -> str:
    home = at(bank, loan, APRIL)
    request_acceleration(loan_number=loan.number, reason="失联", by=bank.fang)
    return home
