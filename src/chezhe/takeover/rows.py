"""The rows of an old book: every row becomes a value or is named with what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from chezhe.customers import rules as customer_rules
from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.finmath.terms import Method
from chezhe.identifiers import bank_card, id_card, names, phone, plate, uscc, vin
from chezhe.identifiers.text import clean_code
from chezhe.takeover.cells import Cells
from chezhe.takeover.rules import (
    ArrearsRow,
    CustomerRow,
    Fault,
    Line,
    LoanRow,
    PartyRow,
    PlanRow,
    ReceiptRow,
    Registration,
    Stated,
    VehicleRow,
)
from chezhe.vehicles import rules as vehicle_rules
from chezhe.vehicles.values import VehicleFacts

PERIODS_MAX, DAYS_MAX = 360, 20_000
Meanings = Callable[[str, str], Mapping[str, str]]
"""What may stand in a column of choices, by sheet and column."""


def customer(line: Line, meanings: Meanings, on: date, faults: list[Fault]) -> CustomerRow | None:
    """A customer, or None with what is wrong."""
    cells = Cells(line, faults)
    is_company = cells.choice("kind", meanings("customers", "kind")) == "company"
    name, mobile = cells.text("name", 100), phone.normalise(cells.code("mobile", 30))
    paper, address = cells.code("paper", 30), cells.text("address", 200, is_required=False)
    key, bank_name = cells.code("customer"), cells.text("bank_name", 60, is_required=False)
    card = bank_card.normalise(cells.code("card", 40, is_required=False))
    if bool(card) != bool(bank_name):
        cells.fault("bank_name" if card else "card", "required")
    legal = cells.text("legal_representative", 20, is_required=is_company)
    if not cells.is_fine:
        return None
    facts: PersonFacts | CompanyFacts
    if is_company:
        facts = CompanyFacts(names.normalise_company(name), uscc.normalise(paper), names.normalise_person(legal), mobile, address=address)
        found = customer_rules.company_faults(facts, on)
    else:
        facts = PersonFacts(names.normalise_person(name), id_card.normalise(paper), mobile, address)
        found = customer_rules.person_faults(facts, on)
    found = found + customer_rules.account_faults("corporate" if is_company else "card", card) if card else found
    for fault in found:
        cells.findings(_COLUMNS.get(fault.field, fault.field), [fault.finding])
    return CustomerRow(line.row, key, facts, bank_name, card) if cells.is_fine else None


_COLUMNS = {"id_number": "paper", "uscc": "paper", "card_number": "card"}


def vehicle(line: Line, meanings: Meanings, on: date, faults: list[Fault]) -> VehicleRow | None:
    """A car, or None with what is wrong."""
    cells = Cells(line, faults)
    facts = VehicleFacts(
        vin=vin.normalise(cells.code("vin", 30)), brand=cells.text("brand", 40), model=cells.text("model", 80),
        condition=cells.choice("condition", meanings("vehicles", "condition")),
        energy_type=cells.choice("energy_type", meanings("vehicles", "energy_type")),
        usage_nature=cells.choice("usage_nature", meanings("vehicles", "usage_nature"), usual="non_commercial"),
        plate=plate.normalise(cells.code("plate", 20, is_required=False)),
        engine_no=clean_code(cells.code("engine_no", 30, is_required=False)),
        first_registered_on=cells.day("first_registered_on", is_required=False),
        mileage_km=cells.whole("mileage_km", vehicle_rules.MILEAGE_MAX_KM, is_required=False),
    )
    owner = cells.code("customer")
    if cells.is_fine:
        for fault in vehicle_rules.faults(facts, on):
            cells.findings(fault.field, [fault.finding])
    return VehicleRow(line.row, owner, facts) if cells.is_fine else None


def loan(line: Line, meanings: Meanings, as_of: date, faults: list[Fault]) -> LoanRow | None:
    """A loan, or None with what is wrong with its own cells."""
    cells = Cells(line, faults)
    paid_out_on, signed_on = cells.day("paid_out_on"), cells.day("signed_on")
    method, brings = cells.choice("method", meanings("loans", "method")), cells.choice("brings", meanings("loans", "brings"))
    principal, periods = cells.fen("principal"), cells.whole("periods", PERIODS_MAX)
    stated = Stated(*(cells.fen(name) for name in _STATED), cells.fen("deposit", is_required=False))
    balloon_fen = cells.fen("balloon", is_required=False)
    mortgage = _registration(cells)
    first_due_on = cells.day("first_due_on", is_required=False)
    texts = [cells.code(name, most) for name, most in _LOAN_CODES]
    owner, rate = cells.code("owner", is_required=False), cells.rate("annual_rate")
    dpd_worst = cells.whole("dpd_worst", DAYS_MAX, is_required=False) or 0
    if not cells.is_fine or paid_out_on is None or signed_on is None or periods is None:
        return None
    checks = [
        (principal == 0, "principal", "amount_zero"), (periods == 0, "periods", "amount_zero"),
        (paid_out_on > as_of, "paid_out_on", "after_takeover"), (signed_on > paid_out_on, "signed_on", "signed_after_payout"),
        (first_due_on is not None and first_due_on <= paid_out_on, "first_due_on", "due_before_payout"),
        (stated.principal_fen > principal, "principal_left", "more_than_principal"),
        (balloon_fen > principal, "balloon", "more_than_principal"),
        (bool(balloon_fen) and method != Method.BALLOON, "balloon", "balloon_without_method"),
        (mortgage is not None and mortgage.on > as_of, "mortgage_on", "after_takeover"),
        (not any((stated.principal_fen, stated.interest_fen, stated.fee_fen)), "principal_left", "paid_off"),
    ]
    for is_wrong, column, code in checks:
        if is_wrong:
            cells.fault(column, code, line.texts.get(column, ""))
    number, contract, key, car, branch, product = texts
    found = LoanRow(
        line.row, number, contract, signed_on, key, vin.normalise(car), branch, product, owner, principal, rate, Method(method), periods,
        paid_out_on, first_due_on, brings == "history", stated, mortgage, dpd_worst, balloon_fen,
    )
    return found if cells.is_fine else None


_STATED = ("principal_left", "interest_due", "fee_due", "penalty_due", "compound_due", "unapplied")
_LOAN_CODES = (("loan", 40), ("contract", 60), ("customer", 60), ("vin", 30), ("branch", 20), ("product", 20))


def _registration(cells: Cells) -> Registration | None:
    """All three of office, number and day, or none."""
    office = cells.text("mortgage_office", 60, is_required=False)
    receipt, on = cells.code("mortgage_receipt", 40, is_required=False), cells.day("mortgage_on", is_required=False)
    if office and receipt and on:
        return Registration(office, receipt, on)
    if office or receipt or on:
        cells.fault("mortgage_receipt", "mortgage_incomplete")
    return None


def party(line: Line, meanings: Meanings, faults: list[Fault]) -> PartyRow | None:
    """Who stands for a loan, or None with what is wrong."""
    cells = Cells(line, faults)
    key, role = cells.code("customer"), cells.choice("role", meanings("parties", "role"))
    return PartyRow(line.row, key, role) if cells.is_fine else None


def plan_row(line: Line, faults: list[Fault]) -> PlanRow | None:
    """An instalment, or None with what is wrong."""
    cells = Cells(line, faults)
    period, due_on = cells.whole("period", PERIODS_MAX), cells.day("due_on")
    amounts = [cells.fen("principal"), cells.fen("interest"), cells.fen("fee", is_required=False)]
    return PlanRow(line.row, period, due_on, *amounts) if cells.is_fine and period is not None and due_on is not None else None


def receipt(line: Line, as_of: date, faults: list[Fault]) -> ReceiptRow | None:
    """A receipt, or None with what is wrong."""
    cells = Cells(line, faults)
    paid_on, amount = cells.day("paid_on"), cells.fen("amount")
    reference = cells.code("reference", is_required=False)
    if paid_on is not None and paid_on > as_of:
        cells.fault("paid_on", "after_takeover", line.texts.get("paid_on", ""))
    if cells.is_fine and not amount:
        cells.fault("amount", "amount_zero")
    return ReceiptRow(line.row, paid_on, amount, reference) if cells.is_fine and paid_on is not None else None


def arrears(line: Line, as_of: date, faults: list[Fault]) -> ArrearsRow | None:
    """What is unpaid of an instalment, or None with what is wrong."""
    cells = Cells(line, faults)
    due_on = cells.day("due_on")
    owed = [cells.fen("principal"), cells.fen("interest"), *(cells.fen(name, is_required=False) for name in ("fee", "penalty", "compound"))]
    if due_on is not None and due_on > as_of:
        cells.fault("due_on", "not_due_yet", line.texts.get("due_on", ""))
    if cells.is_fine and not any(owed):
        cells.fault("principal", "nothing_owed")
    return ArrearsRow(line.row, due_on, *owed) if cells.is_fine and due_on is not None else None
