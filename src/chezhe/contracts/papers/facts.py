"""What the papers are made of: values copied from the case on the day it is prepared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.quote import quote
from chezhe.finmath.terms import FeeTerms, Quote
from chezhe.products.rules import FeeRule, ProductTerms

BORROWER, CO_BORROWER, GUARANTOR, SPOUSE, MORTGAGOR = "borrower", "co_borrower", "guarantor", "spouse", "mortgagor"
LIABLE = (BORROWER, CO_BORROWER, GUARANTOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lender:
    """Who lends, as its licence names it."""

    name: str
    uscc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody who signs. `role` is one of the words above; `paper_number` identifies them. A sole trader signs with his own name and
    answers with all he has; `trade` names the trade he borrows for."""

    role: str
    name: str
    paper_number: str
    phone: str
    address: str
    is_person: bool = True
    trade: str = ""

    @property
    def title(self) -> str:
        """As the papers name them: 王小明（经营者，字号…，统一社会信用代码…）."""
        return f"{self.name}（{self.trade}）" if self.trade else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Car:
    """The car as its papers describe it; empty text for what it does not have yet."""

    title: str
    vin: str
    plate: str
    engine_no: str
    registered_on: date | None
    owner: Party


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where the money is paid to and taken from."""

    holder: str
    bank: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surety:
    """What was agreed with a guarantor: the amount (None: the whole debt), how they are liable, until when."""

    name: str
    amount: Money | None = None
    is_joint: bool = True
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One thing a person agrees to, in the words of its version."""

    kind: str
    label: str
    version: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One loan on the day its papers are made."""

    number: str
    made_on: date
    lender: Lender
    parties: tuple[Party, ...]
    car: Car
    account: Account
    purpose: str
    product_name: str
    product_number: str
    terms: ContractTerms
    product: ProductTerms
    refinances: str = ""
    papers_fee_max: Money | None = None
    gps_wired: int = 0
    gps_wireless: int = 0
    sureties: tuple[Surety, ...] = ()
    consents: tuple[Consent, ...] = ()
    is_insured: bool = False
    further: tuple[Car, ...] = ()

    @property
    def cars(self) -> tuple[Car, ...]:
        """Every car that stands for the loan, the first one first."""
        return (self.car, *self.further)

    @property
    def borrower(self) -> Party:
        return next(party for party in self.parties if party.role == BORROWER)

    @property
    def principal(self) -> Money:
        return Money(self.terms.plan.principal_fen)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Who else is given what the business needs, each once."""
        payees = [rule.payee_name for rule, _fee in self.fees if rule.payee_name]
        others = ("车辆登记机关", "金融信用信息基础数据库运行机构", *(("保险公司",) if self.is_insured else ()))
        return tuple(dict.fromkeys((*payees, *others)))

    @property
    def guaranteed_until(self) -> date:
        """Three years after the last due date (民法典 §692 leaves it to the parties)."""
        last = self.quote.rows[-1].due_date
        return last.replace(year=last.year + 3, day=28 if (last.month, last.day) == (2, 29) else last.day)

    def surety_of(self, party: Party) -> Surety:
        """What was agreed with a guarantor; one who was never measured answers for the whole debt."""
        return next((one for one in self.sureties if one.name == party.name), Surety(name=party.name))

    @cached_property
    def quote(self) -> Quote:
        """The plan with all its fees."""
        return quote(self.terms.plan)

    @cached_property
    def counted(self) -> Quote:
        """The plan with the fees that count in the all-in cost."""
        return self.quoted_with([fee for fee in self.product.fees if fee.is_counted])

    def quoted_with(self, fees: list[FeeRule]) -> Quote:
        """The plan as if only these fees were charged."""
        codes = {fee.code for fee in fees}
        kept: tuple[FeeTerms, ...] = tuple(fee for fee in self.terms.plan.fees if fee.code in codes)
        return quote(replace(self.terms.plan, fees=kept))

    @property
    def fees(self) -> list[tuple[FeeRule, FeeTerms]]:
        """Each fee that is charged, as the product promised it and as this loan pays it."""
        charged = {fee.code: fee for fee in self.terms.plan.fees}
        return [(rule, charged[rule.code]) for rule in self.product.fees if rule.code in charged]
