"""Books of an invented old system, as the files that people would upload."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from django.utils import translation

from chezhe.finmath import schedule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Row, Stub, StubLevel
from chezhe.identifiers import synthetic
from chezhe.takeover.layout import SHEETS

AS_OF = date(2026, 1, 14)
Cells = dict[str, str]


@dataclass
class OldBook:
    """Rows by sheet, each by column name."""

    customers: list[Cells] = field(default_factory=list)
    vehicles: list[Cells] = field(default_factory=list)
    loans: list[Cells] = field(default_factory=list)
    plans: list[Cells] = field(default_factory=list)
    receipts: list[Cells] = field(default_factory=list)
    arrears: list[Cells] = field(default_factory=list)
    parties: list[Cells] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def files(self, most: int = 40_000) -> dict[str, bytes]:
        """CSVs of at most so many rows for each sheet that has any, with Chinese headings."""
        found = {}
        for name in SHEETS:
            rows: list[Cells] = getattr(self, name)
            for first in range(0, len(rows), most):
                found[f"{name}-{first // most + 1}.csv"] = table(name, rows[first : first + most])
        return found

    def unseen(self, invent: Callable[[], str]) -> str:
        """Something invented that no other row of the book has."""
        while (made := invent()) in self.seen:
            pass
        self.seen.add(made)
        return made

    def totals(self) -> dict[str, dict[str, int]]:
        """What somebody would read off the old system's own report."""
        sums: dict[str, dict[str, int]] = {}
        for loan in self.loans:
            kept = sums.setdefault(f"{loan['branch']}|{loan['product']}", dict.fromkeys(("count", *_TOTALS), 0))
            kept["count"] += 1
            for figure, columns in _TOTALS.items():
                kept[figure] += sum(fen(loan[column]) for column in columns)
        return sums


_TOTALS = {
    "principal": ("principal_left",), "interest": ("interest_due",), "fee": ("fee_due",), "penalty": ("penalty_due", "compound_due"),
    "unapplied": ("unapplied",), "deposit": ("deposit",),
}


def table(sheet: str, rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    with translation.override("zh-hans"):
        writer.writerow([str(column.label) for column in SHEETS[sheet].columns])
    for row in rows:
        writer.writerow([row.get(column.name, "") for column in SHEETS[sheet].columns])
    return ("\ufeff" + out.getvalue()).encode()


def yuan(amount_fen: int) -> str:
    return f"{amount_fen // 100}.{amount_fen % 100:02d}"


def fen(amount: str) -> int:
    return int(Decimal(amount) * 100)


def terms_of(loan: Mapping[str, str]) -> QuoteTerms:
    """The old contract's plan, from the row of its loan."""
    return QuoteTerms(
        principal_fen=fen(loan["principal"]), method=Method(loan["method"]), periods=int(loan["periods"]),
        annual_rate=Decimal(loan["annual_rate"].rstrip("%")) / 100, balloon_fen=fen(loan["balloon"]) if loan.get("balloon") else None, start_date=date.fromisoformat(loan["paid_out_on"]),
        day_count=DayCount.THIRTY_360, stub=Stub(level=StubLevel.FULL_PERIODS),
    )


def add_loan(
    book: OldBook, place: int, rng: Random, *, as_of: date = AS_OF, unpaid: int = 0, penalty_fen: int = 0, compound_fen: int = 0,
    unapplied_fen: int = 0, deposit_fen: int = 0, **loan: Any,
) -> Cells:
    """A loan with its customer and car, the last `unpaid` of its fallen instalments owed, one row of arrears each."""
    made = _loan(book, place, rng, loan)
    book.customers.append(_customer(book, place, rng, made["customer"]))
    book.vehicles.append(_vehicle(book, rng, made))
    rows = schedule.build(terms_of(made))
    fallen = [row for row in rows if row.due_date <= as_of]
    owed = fallen[len(fallen) - unpaid :] if unpaid else []
    for at, row in enumerate(owed):
        first = at == 0
        book.arrears.append(_arrears(made["loan"], row, penalty_fen if first else 0, compound_fen if first else 0))
    left = sum(row.principal_fen for row in rows[len(fallen) - unpaid :])
    made |= {
        "principal_left": yuan(left), "interest_due": yuan(sum(row.interest_fen for row in owed)), "fee_due": "0.00",
        "penalty_due": yuan(penalty_fen if owed else 0), "compound_due": yuan(compound_fen if owed else 0), "unapplied": yuan(unapplied_fen),
        "deposit": yuan(deposit_fen),
    }
    book.loans.append(made)
    return made


def _loan(book: OldBook, place: int, rng: Random, given: Mapping[str, Any]) -> Cells:
    return {
        "loan": f"OLD-{place:06d}", "contract": f"HT-{place:06d}", "signed_on": "2025-01-10", "customer": f"KH{place:06d}",
        "vin": book.unseen(lambda: synthetic.invent_vin(rng, 2021)), "branch": "T01", "product": "T01", "principal": "100000.00", "annual_rate": "12%",
        "method": "equal_instalment", "periods": "36", "paid_out_on": "2025-01-15", "brings": "balance",
        **{name: str(value) for name, value in given.items()},
    }


def _customer(book: OldBook, place: int, rng: Random, key: str) -> Cells:
    born, province = date(1960 + place % 40, 1 + place % 12, 1 + place % 28), f"{rng.choice((11, 31, 32, 33, 37, 44))}"
    return {
        "customer": key, "kind": "person", "name": f"{rng.choice(SURNAMES)}{rng.choice(GIVEN)}{rng.choice(GIVEN)}",
        "paper": book.unseen(lambda: synthetic.invent_id_number(rng, born, "male", province)),
        "mobile": synthetic.invent_mobile(rng), "bank_name": "某银行", "card": synthetic.invent_bank_card(rng), "address": "测试路 1 号",
    }


def _vehicle(book: OldBook, rng: Random, loan: Mapping[str, str]) -> Cells:
    return {
        "vin": loan["vin"], "customer": loan["customer"], "brand": "大众", "model": "朗逸", "condition": "used", "energy_type": "petrol",
        "plate": book.unseen(lambda: f"{rng.choice('沪浙苏鲁皖赣')}{rng.choice('ABCDEFGH')}{rng.randrange(10**5):05d}"), "first_registered_on": "2021-05-10",
        "mileage_km": "32000",
    }


def _arrears(number: str, row: Row, penalty_fen: int, compound_fen: int) -> Cells:
    return {
        "loan": number, "due_on": row.due_date.isoformat(), "principal": yuan(row.principal_fen), "interest": yuan(row.interest_fen),
        "fee": "0.00", "penalty": yuan(penalty_fen), "compound": yuan(compound_fen),
    }


def with_plan(book: OldBook, loan: Mapping[str, str], *, first: int = 1) -> list[Row]:
    """The loan's plan as rows of the file, from instalment `first` on."""
    rows = list(schedule.build(terms_of(loan)))
    for row in rows[first - 1 :]:
        book.plans.append({
            "loan": loan["loan"], "period": str(row.period), "due_on": row.due_date.isoformat(), "principal": yuan(row.principal_fen),
            "interest": yuan(row.interest_fen), "fee": yuan(row.fee_fen),
        })
    return rows


def with_history(book: OldBook, loan: Cells, paid: Iterable[tuple[str, str]]) -> None:
    """Receipts by day and amount; the stated balances are the caller's."""
    loan["brings"] = "history"
    for at, (on, amount) in enumerate(paid, start=1):
        book.receipts.append({"loan": loan["loan"], "paid_on": on, "amount": amount, "reference": f"PZ{at:03d}"})


def many(
    count: int, *, as_of: date, seed: int = 7, branches: Iterable[str] = ("T01",), products: Iterable[str] = ("T01",),
    history_every: int = 0,
) -> OldBook:
    """A book of any size: ages of up to three years, one loan in twenty in arrears. Of every `history_every` loans (0: of none) one that
    is not in arrears brings all its receipts instead of balances alone."""
    rng, book = Random(seed), OldBook()
    shops, shelf = list(branches), list(products)
    for place in range(1, count + 1):
        months = rng.randrange(1, 30)
        year, month = divmod(as_of.year * 12 + as_of.month - 1 - months, 12)
        paid_out_on = date(year, month + 1, rng.randrange(1, 28))
        late = rng.random() < 0.05
        made = add_loan(
            book, place, rng, as_of=as_of, unpaid=min(rng.randrange(1, 5), max(0, months - 1)) if late else 0,
            penalty_fen=rng.randrange(100, 9000) if late else 0, branch=shops[place % len(shops)], product=shelf[place % len(shelf)],
            principal=yuan(rng.randrange(3_000_000, 30_000_000, 10_000)), annual_rate=f"{rng.randrange(600, 1500) / 100}%",
            periods=rng.choice((36, 36, 48, 60)), paid_out_on=paid_out_on.isoformat(), signed_on=paid_out_on.isoformat(),
        )
        if history_every and place % history_every == 0 and not late:
            with_history(book, made, _paid_in_time(made, as_of))
    return book


def _paid_in_time(loan: Cells, as_of: date) -> list[tuple[str, str]]:
    """A receipt for every instalment that fell due by `as_of`, each on its day."""
    return [(row.due_date.isoformat(), yuan(row.total_fen)) for row in schedule.build(terms_of(loan)) if row.due_date <= as_of]


SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"
