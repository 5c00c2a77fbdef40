"""The trial: every row of the files read, judged and put together loan by loan. Nothing of the business is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from chezhe.contracts.models import Contract, Mortgage
from chezhe.customers import filing as customer_filing
from chezhe.customers.models import Customer
from chezhe.kernel import parameters
from chezhe.products.models import ProductVersion
from chezhe.products.queries import on_offer
from chezhe.staff.models import Branch, User
from chezhe.takeover import planning, rows, rules
from chezhe.takeover.arranging import Contradiction, House, arrange
from chezhe.takeover.layout import meanings
from chezhe.takeover.models import TakenLoan
from chezhe.takeover.rules import CustomerRow, Fault, Line, LoanRow, OldLoan, Party, PartyRow, VehicleRow
from chezhe.vehicles import filing as vehicle_filing
from chezhe.vehicles.models import Vehicle

FAULTS_MAX = 5_000
LOOKED_UP = 5_000


@dataclass(slots=True)
class Book:
    """What the files held."""

    customers: list[CustomerRow] = field(default_factory=list)
    vehicles: list[VehicleRow] = field(default_factory=list)
    loans: list[LoanRow] = field(default_factory=list)
    plans: list[tuple[str, Any]] = field(default_factory=list)
    receipts: list[tuple[str, Any]] = field(default_factory=list)
    arrears: list[tuple[str, Any]] = field(default_factory=list)
    parties: list[tuple[str, Any]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Surroundings:
    """What the house knows: branches, products and colleagues by the codes that people use."""

    as_of: date
    off_book_after_days: int
    branches: dict[str, Branch]
    versions: dict[str, ProductVersion]
    colleagues: dict[str, int]
    houses: dict[str, House] = field(default_factory=dict)

    def house(self, product: str) -> House:
        """What our side adds to loans of a product."""
        if product not in self.houses:
            self.houses[product] = House(self.versions[product].terms, self.as_of, self.off_book_after_days)
        return self.houses[product]


def surroundings(as_of: date, today: date) -> Surroundings:
    """The house as it is today, for a book of the evening of `as_of`."""
    return Surroundings(
        as_of, parameters.count("OFF_BOOK_DPD", as_of),
        {branch.code: branch for branch in Branch.objects.filter(is_open=True)},
        {version.product.code: version for version in on_offer(today)},
        dict(User.objects.filter(is_active=True).values_list("username", "pk")),
    )


def read(lines: Iterable[Line], as_of: date, faults: list[Fault]) -> Book:
    """Every row as a value."""
    book = Book()
    for line in lines:
        book.rows[line.sheet] = book.rows.get(line.sheet, 0) + 1
        _READERS[line.sheet](book, line, as_of, faults)
    faults += [
        *rules.twice("customers", "customer", ((one.row, one.key) for one in book.customers)),
        *rules.twice("customers", "paper", ((one.row, one.paper) for one in book.customers)),
        *rules.twice("vehicles", "vin", ((one.row, one.facts.vin) for one in book.vehicles)),
        *rules.twice("vehicles", "plate", ((one.row, one.facts.plate) for one in book.vehicles)),
        *rules.twice("loans", "loan", ((one.row, one.number) for one in book.loans)),
        *rules.twice("loans", "contract", ((one.row, one.contract) for one in book.loans)),
        *rules.twice("loans", "vin", ((one.row, one.vin) for one in book.loans)),
    ]
    return book


def _keep(found: Any, kept: list[Any]) -> None:
    if found is not None:
        kept.append(found)


def _part(found: Any, line: Line, kept: list[tuple[str, Any]], faults: list[Fault]) -> None:
    key = line.texts.get("loan", "")
    if not key:
        faults.append(Fault(line.sheet, line.row, "loan", "required"))
    elif found is not None:
        kept.append((key, found))


_READERS = {
    "customers": lambda book, line, on, faults: _keep(rows.customer(line, meanings, on, faults), book.customers),
    "vehicles": lambda book, line, on, faults: _keep(rows.vehicle(line, meanings, on, faults), book.vehicles),
    "loans": lambda book, line, on, faults: _keep(rows.loan(line, meanings, on, faults), book.loans),
    "parties": lambda book, line, _on, faults: _part(rows.party(line, meanings, faults), line, book.parties, faults),
    "plans": lambda book, line, _on, faults: _part(rows.plan_row(line, faults), line, book.plans, faults),
    "receipts": lambda book, line, on, faults: _part(rows.receipt(line, on, faults), line, book.receipts, faults),
    "arrears": lambda book, line, on, faults: _part(rows.arrears(line, on, faults), line, book.arrears, faults),
}


def assemble(book: Book, faults: list[Fault]) -> list[OldLoan]:
    """Loan by loan what the sheets say together; a row that belongs to no loan is a fault."""
    customers = {one.key: one for one in book.customers}
    cars = {one.facts.vin: one for one in book.vehicles}
    plans, receipts, arrears, parties = (rules.grouped(part) for part in (book.plans, book.receipts, book.arrears, book.parties))
    numbers = {loan.number for loan in book.loans}
    for sheet, part in (("plans", plans), ("receipts", receipts), ("arrears", arrears), ("parties", parties)):
        faults += [Fault(sheet, found[0].row, "loan", "no_such_loan", key[:60]) for key, found in part.items() if key not in numbers]
    found = []
    for loan in book.loans:
        customer, car = customers.get(loan.customer), cars.get(loan.vin)
        begun = len(faults)
        faults += _loose(loan, customer, car, receipts.get(loan.number, ()), arrears.get(loan.number, ()))
        beside = _parties(loan, customers, parties.get(loan.number, ()), faults)
        if len(faults) == begun and customer and car:
            found.append(OldLoan(
                loan, customer, car, tuple(plans.get(loan.number, ())), tuple(receipts.get(loan.number, ())),
                tuple(arrears.get(loan.number, ())), beside,
            ))
    return found


def _parties(
    loan: LoanRow, customers: Mapping[str, CustomerRow], given: Sequence[PartyRow], faults: list[Fault]
) -> tuple[Party, ...]:
    """Who signed beside the borrower, each once in a role."""
    faults += rules.twice("parties", "customer", ((one.row, f"{one.customer} {one.role}") for one in given))
    found = []
    for one in given:
        customer = customers.get(one.customer)
        if customer is None or one.customer == loan.customer:
            faults.append(Fault("parties", one.row, "customer", "party_is_borrower" if customer else "no_such_customer"))
        else:
            found.append(Party(one.row, one.role, customer))
    return tuple(found)


def _loose(
    loan: LoanRow, customer: CustomerRow | None, car: VehicleRow | None, receipts: Sequence[Any], arrears: Sequence[Any]
) -> list[Fault]:
    """Ends of a loan that do not meet."""
    checks = [
        (customer is None, "customer", "no_such_customer"),
        (customer is not None and not customer.card, "customer", "borrower_without_account"),
        (car is None, "vin", "no_such_vehicle"),
        (customer is not None and car is not None and car.customer != loan.customer, "customer", "vehicle_of_another"),
        (loan.has_history and bool(arrears), "brings", "history_with_arrears"),
        (not loan.has_history and bool(receipts), "brings", "balance_with_receipts"),
    ]
    return [Fault("loans", loan.row, column, code) for is_wrong, column, code in checks if is_wrong]


def judge(old: Sequence[OldLoan], around: Surroundings, faults: list[Fault]) -> list[OldLoan]:
    """The loans that could come today: what the house knows does not stand against them, and their sums agree."""
    fine = [one for one in old if fits(one, around, faults)]
    for first in range(0, len(fine), LOOKED_UP):
        faults += [fault for _one, fault in each_against_house(fine[first : first + LOOKED_UP])]
    made = planning.rows_of([(one, around.house(one.loan.product)) for one in fine])
    good = []
    for one, planned in zip(fine, made, strict=True):
        try:
            arrange(one, around.house(one.loan.product), planned)
        except Contradiction as found:
            faults.append(found.fault)
        else:
            good.append(one)
    return good


def fits(one: OldLoan, around: Surroundings, faults: list[Fault]) -> bool:
    """Whether the house knows the branch, the product and the colleague of a loan; what it does not know is a fault."""
    loan = one.loan
    checks = [
        (loan.branch not in around.branches, "branch", "branch_unknown", loan.branch),
        (loan.product not in around.versions, "product", "product_unknown", loan.product),
        (bool(loan.owner) and loan.owner not in around.colleagues, "owner", "colleague_unknown", loan.owner),
    ]
    found = [Fault("loans", loan.row, column, code, given[:60]) for is_wrong, column, code, given in checks if is_wrong]
    faults += found
    return not found


def each_against_house(old: Sequence[OldLoan]) -> Iterator[tuple[OldLoan, Fault]]:
    """Loan by loan what stands against it: other names under a paper, cars of others or under another loan, loans taken before."""
    people = customer_filing.known(person.paper for one in old for person in one.people)
    cars = vehicle_filing.known(one.vehicle.facts.vin for one in old)
    plates = vehicle_filing.known_plates(one.vehicle.facts.plate for one in old)
    before = TakenLoan.objects.filter(status="taken", old_number__in=[one.loan.number for one in old])
    taken = set(before.values_list("old_number", flat=True))
    papers = set(Contract.objects.filter(old_number__in=[one.loan.contract for one in old]).values_list("old_number", flat=True))
    standing = Mortgage.objects.filter(vehicle__in=cars.values(), status__in=["proposed", "registered", "release_requested"])
    bound = set(standing.values_list("vehicle_id", flat=True))
    for one in old:
        for person in one.people:
            known = people.get(person.paper)
            if known is not None and known.name != person.facts.name:
                yield one, Fault("customers", person.row, "paper", "named_otherwise", "", {"number": known.number})
        for fault in _stands_against(one, people.get(one.customer.paper), cars.get(one.vehicle.facts.vin), plates, bound):
            yield one, fault
        if one.loan.number in taken:
            yield one, Fault("loans", one.loan.row, "loan", "taken_before", one.loan.number)
        elif one.loan.contract in papers:
            yield one, Fault("loans", one.loan.row, "contract", "contract_taken_before", one.loan.contract)


def _stands_against(
    one: OldLoan, person: Customer | None, car: Vehicle | None, plates: dict[str, Vehicle], bound: set[int]
) -> Iterator[Fault]:
    if car is not None and (person is None or car.owner_id != person.pk):
        yield Fault("vehicles", one.vehicle.row, "vin", "vehicle_of_another_customer", "", {"number": car.number})
    if car is not None and car.pk in bound:
        yield Fault("vehicles", one.vehicle.row, "vin", "vehicle_is_bound", "", {"number": car.number})
    same_plate = plates.get(one.vehicle.facts.plate)
    if same_plate is not None and same_plate.vin != one.vehicle.facts.vin:
        yield Fault("vehicles", one.vehicle.row, "plate", "plate_of_another", "", {"number": same_plate.number})
