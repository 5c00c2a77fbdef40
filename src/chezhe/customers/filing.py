"""Files for many customers at once: those we know already keep theirs (a book that is taken over)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.customers import rules, steps
from chezhe.customers.models import PREFIX, BankAccount, Customer, CustomerMobile
from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.identifiers import id_card
from chezhe.kernel import bulk, clock, crypto, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ui.fields import refuse

Facts = PersonFacts | CompanyFacts


class NamedOtherwise(BusinessError):
    code = "customer_named_otherwise"
    sentence = _("证件号已在客户 %(number)s 名下，姓名（名称）却不同，请核对。")


@dataclass(frozen=True, slots=True)
class Filing:
    """A customer with the account that instalments are drawn from; who only stands for others needs none. `facts` are tidy."""

    facts: Facts
    card_number: str
    bank_name: str
    branch_id: int
    owner_id: int

    @property
    def key(self) -> str:
        """What tells customers apart: the number of the paper."""
        return paper_number(self.facts)


def paper_number(facts: Facts) -> str:
    """The ID number of a person, the code of a company."""
    return facts.id_number if isinstance(facts, PersonFacts) else facts.uscc


def tidy(facts: Facts) -> Facts:
    """As people paste it becomes as papers print it."""
    return steps.tidy_person(facts) if isinstance(facts, PersonFacts) else steps.tidy_company(facts)


def faults(facts: Facts, on: date) -> list[rules.Fault]:
    """Everything that blocks."""
    return rules.person_faults(facts, on) if isinstance(facts, PersonFacts) else rules.company_faults(facts, on)


def known(papers: Iterable[str]) -> dict[str, Customer]:
    """Customers of the whole house by the number of their paper."""
    wanted = set(papers)
    hashes = {crypto.blind_index(paper, kind="id_number"): paper for paper in wanted}
    persons = {hashes[one.id_number_hash]: one for one in Customer.objects.filter(id_number_hash__in=hashes)}
    return persons | {one.uscc: one for one in Customer.objects.filter(uscc__in=wanted)}


def file_all(filings: Sequence[Filing], *, on: date, source: str, by: Actor) -> dict[str, BankAccount]:
    """The accounts (and by them the customers) of these filings by paper number, one a customer; who is known keeps his file, and
    who comes without an account is filed, too.

    Raises Invalid (422), or NamedOtherwise (409) when a paper stands under another name.
    """
    wanted = {filing.key: filing for filing in filings}
    found = known(wanted)
    for key, one in found.items():
        if one.name != wanted[key].facts.name:
            raise NamedOtherwise(number=one.number)
    fresh = [filing for key, filing in wanted.items() if key not in found]
    customers = _customers(fresh, on, source, by)
    bulk.insert(customers)
    bulk.insert([_mobile(customer, filing) for customer, filing in zip(customers, fresh, strict=True)])
    everyone = found | {filing.key: customer for filing, customer in zip(fresh, customers, strict=True)}
    return _accounts(everyone, wanted, set(found))


def _customers(filings: Sequence[Filing], on: date, source: str, by: Actor) -> list[Customer]:
    refuse([fault for filing in filings for fault in faults(filing.facts, on)])
    given = numbers.next_numbers(PREFIX, on, len(filings)) if filings else []
    return [_customer(filing, number, on, source, by) for filing, number in zip(filings, given, strict=True)]


def _customer(filing: Filing, number: str, on: date, source: str, by: Actor) -> Customer:
    facts = filing.facts
    customer = Customer(
        number=number, name=facts.name, address=facts.address, branch_id=filing.branch_id, owner_id=filing.owner_id, source=source,
        created_at=clock.now(),
    )
    if isinstance(facts, PersonFacts):
        card = id_card.judge(facts.id_number, on)
        customer.kind, customer.id_number, customer.id_number_tail = "person", card.number, card.number[-4:]
        customer.sex, customer.birth_date, customer.marital_status = card.sex, card.birth_date, facts.marital_status
    else:
        customer.kind, customer.uscc, customer.legal_representative = "company", facts.uscc, facts.legal_representative
    steps.index_name(customer)
    customer.stamp(by)
    return customer


def _mobile(customer: Customer, filing: Filing) -> CustomerMobile:
    number = filing.facts.mobile
    return CustomerMobile(
        customer=customer, mobile=number, tail=number[-4:], purpose="own" if customer.is_person else "work", is_main=True,
        added_at=clock.now(),
    )


def _accounts(everyone: dict[str, Customer], wanted: dict[str, Filing], known_keys: set[str]) -> dict[str, BankAccount]:
    """The account of each: the one that stands when it is the same, else a new one, the main one unless there is one."""
    standing: dict[tuple[int, str], BankAccount] = {}
    has_main: set[int] = set()
    if known_keys:
        rows = BankAccount.objects.filter(customer__in=[everyone[key] for key in known_keys], closed_at__isnull=True)
        for row in rows.select_related("customer"):
            standing[row.customer_id, row.card_number] = row
            has_main |= {row.customer_id} if row.is_main else set()
    found: dict[str, BankAccount] = {}
    fresh: list[BankAccount] = []
    for key, filing in wanted.items():
        if not filing.card_number:
            continue
        customer = everyone[key]
        account = standing.get((customer.pk, filing.card_number))
        if account is None:
            account = _account(customer, filing, is_main=customer.pk not in has_main)
            fresh.append(account)
        found[key] = account
    bulk.insert(fresh)
    return found


def _account(customer: Customer, filing: Filing, *, is_main: bool) -> BankAccount:
    kind = "card" if customer.is_person else "corporate"
    refuse(rules.account_faults(kind, filing.card_number))
    return BankAccount(
        customer=customer, kind=kind, card_number=filing.card_number, tail=filing.card_number[-4:], bank_name=filing.bank_name,
        holder_name=customer.name, is_main=is_main, added_at=clock.now(),
    )
