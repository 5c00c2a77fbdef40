"""What an old book says, as values, and what is wrong with it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.finmath.terms import Method
from chezhe.vehicles.values import VehicleFacts

# Plans of these methods are known by principal, rate and number of instalments.
# The steps of a stepped plan are known by its lines alone, which the file has to give.
TAKEABLE = (
    Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY_BULLET, Method.BULLET, Method.FLAT_EQUAL, Method.BALLOON,
    Method.STEPPED,
)
# What a file may hold about people stands in no list of faults.
PERSONAL = frozenset({"name", "paper", "mobile", "card", "address", "legal_representative", "vin", "plate", "engine_no"})


@dataclass(frozen=True, slots=True)
class Line:
    """A row as its file has it; `numbers` names the cells that a spreadsheet holds as numbers."""

    sheet: str
    row: int
    texts: Mapping[str, str]
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: `column` is our name of the column, `code` is stable, `given` what stood there."""

    sheet: str
    row: int
    column: str
    code: str
    given: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer with the account that instalments are drawn from; who only stands for others needs none."""

    row: int
    key: str
    facts: PersonFacts | CompanyFacts
    bank_name: str
    card: str

    @property
    def paper(self) -> str:
        return self.facts.id_number if isinstance(self.facts, PersonFacts) else self.facts.uscc


@dataclass(frozen=True, slots=True)
class VehicleRow:
    """A car and the old number of its owner."""

    row: int
    customer: str
    facts: VehicleFacts


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One instalment of the old plan."""

    row: int
    period: int
    due_on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """Money that the old books took."""

    row: int
    paid_on: date
    amount_fen: int
    reference: str


@dataclass(frozen=True, slots=True)
class ArrearsRow:
    """What was unpaid of one instalment on the evening of the takeover."""

    row: int
    due_on: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    penalty_fen: int
    compound_fen: int


@dataclass(frozen=True, slots=True)
class Stated:
    """A loan's balances as the old books state them."""

    principal_fen: int
    interest_fen: int
    fee_fen: int
    penalty_fen: int
    compound_fen: int
    unapplied_fen: int
    deposit_fen: int = 0


@dataclass(frozen=True, slots=True)
class Registration:
    """The mortgage as it stands with the vehicle office."""

    office: str
    receipt: str
    on: date


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan as its row tells it."""

    row: int
    number: str
    contract: str
    signed_on: date
    customer: str
    vin: str
    branch: str
    product: str
    owner: str
    principal_fen: int
    annual_rate: Decimal
    method: Method
    periods: int
    paid_out_on: date
    first_due_on: date | None
    has_history: bool
    stated: Stated
    mortgage: Registration | None
    dpd_worst: int = 0
    balloon_fen: int = 0


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Who stands for a loan beside its borrower: the old number of the customer, and as what."""

    row: int
    customer: str
    role: str


@dataclass(frozen=True, slots=True)
class Party:
    """The same with the customer's own row."""

    row: int
    role: str
    customer: CustomerRow


@dataclass(frozen=True, slots=True)
class OldLoan:
    """Everything the files say about one loan."""

    loan: LoanRow
    customer: CustomerRow
    vehicle: VehicleRow
    plan: tuple[PlanRow, ...] = ()
    receipts: tuple[ReceiptRow, ...] = ()
    arrears: tuple[ArrearsRow, ...] = ()
    parties: tuple[Party, ...] = ()

    @property
    def people(self) -> tuple[CustomerRow, ...]:
        """Everybody on the contract, the borrower first."""
        return (self.customer, *(party.customer for party in self.parties))


def twice(sheet: str, column: str, rows: Iterable[tuple[int, str]]) -> list[Fault]:
    """What stands in more than one row: the second and later ones are faults that name the first."""
    first: dict[str, int] = {}
    found = []
    for row, key in rows:
        if key and first.setdefault(key, row) != row:
            shown = "" if column in PERSONAL else key
            found.append(Fault(sheet, row, column, "twice", shown, {"first": str(first[key])}))
    return found


def grouped(rows: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    """By old loan number, in the order of the file."""
    found: dict[str, list[Any]] = {}
    for key, row in rows:
        found.setdefault(key, []).append(row)
    return found


def chunks_of(customers: Sequence[str], size: int) -> list[int]:
    """The chunk of each loan, in an order in which the loans of one customer stand together and stay in one chunk."""
    found: list[int] = []
    chunk, held = 0, 0
    for place, key in enumerate(customers):
        if held >= size and customers[place - 1] != key:
            chunk, held = chunk + 1, 0
        found.append(chunk)
        held += 1
    return found
