"""From the rows of a case to the values that papers, caps and conditions are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.labels import CONSENT_KINDS
from chezhe.contracts import errors, rules
from chezhe.contracts.collateral import fitting
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.models import Contract, Disbursement, Leg, Mortgage, Refinancing
from chezhe.contracts.papers import facts as paper_facts
from chezhe.contracts.papers import forms, words
from chezhe.contracts.papers.facts import Account, Car, Case, Consent, Lender, Party, Surety
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import BankAccount, Customer
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.quote import quote
from chezhe.finmath.repricing import Floating
from chezhe.finmath.terms import Rates
from chezhe.kernel import parameters
from chezhe.origination import cars as application_cars
from chezhe.origination import choices as application_choices
from chezhe.origination import duties as application_duties
from chezhe.origination.models import Application
from chezhe.products import rules as product_rules
from chezhe.risk.guarantees import queries as guarantee_queries
from chezhe.risk.guarantees import rules as guarantee_rules
from chezhe.vehicles import queries as vehicle_queries
from chezhe.vehicles import rules as vehicle_rules


def terms_of(application: Application, start: date) -> ContractTerms:
    """The product's terms applied to what was approved, as if paid out on `start`."""
    version = application.product_version
    return product_rules.loan_terms(
        version.terms, amount=application.amount, periods=application.periods, annual_rate=application.annual_rate, start=start,
        method=application.repayment_method, due_day=application.due_day,
    )


def fixed(terms: ContractTerms, application: Application, on: date) -> ContractTerms:
    """The terms with what floats, where the product's rates do: the agreed rate as the reference rate of the day and points. A loan that
    pays off an older one is watched like a restructured one."""
    if application.refinances:
        terms = replace(terms, observed_months=parameters.count("RESTRUCTURE_OBSERVE_MONTHS", on))
    cadence, plan = application.product_version.terms.repricing, terms.plan
    if cadence is None or plan.annual_rate is None:
        return terms
    base = "LPR5Y" if (plan.periods or 0) > parameters.count("LPR5Y_AFTER_MONTHS", on) else "LPR1Y"
    spread = plan.annual_rate - parameters.rate(base, on)
    return replace(terms, floating=Floating(base=base, spread_rate=spread, cadence=cadence))


def deal_of(application: Application, on: date) -> rules.Deal:
    """The case as the caps see it beside its terms."""
    lender, vehicle = compliance_queries.lender(), application.vehicle
    others = () if application.purpose == application_cars.PURCHASE else application_cars.counted(application, on)
    own = _own_base(application)
    return rules.Deal(
        licence_type=lender.licence_type, region=lender.region, product_code=application.product_version.product.code,
        borrower_kind=application.borrower_kind, purpose=application.purpose, condition=vehicle.condition,
        is_new_energy=vehicle_rules.is_new_energy(vehicle.energy_type), is_commercial=vehicle_rules.is_commercial(vehicle.usage_nature),
        price_base=None if own is None else application_cars.law_base(application, own, others),
    )


def _own_base(application: Application) -> Money | None:
    """What the application's own car counts for now; of one that is bought the invoice, when it says less than the price applied for."""
    vehicle, is_purchase = application.vehicle, application.purpose == application_cars.PURCHASE
    valued = vehicle_queries.latest_valuation(vehicle)
    paid = [price for price in (application.price, vehicle.invoice_price) if price is not None and is_purchase]
    return vehicle_rules.price_base(
        condition=vehicle.condition, price=min(paid, default=None), guide_price=vehicle.guide_price,
        valuation=valued.amount if valued else None,
    )


def within_caps(application: Application, terms: ContractTerms, on: date) -> Rates:
    """The all-in rates; raises CapExceeded (409) when a limit in force on a day is broken, whatever was approved."""
    product = application.product_version.terms
    counted = {fee.code for fee in product.fees if fee.is_counted}
    kept = tuple(fee for fee in terms.plan.fees if fee.code in counted)
    rates = quote(replace(terms.plan, fees=kept)).rates
    facts = rules.pricing_facts(
        deal_of(application, on), terms, rates, misuse_multiple=product.penalty.misuse_multiple, penalty_multiple=product.penalty.multiple,
    )
    compliance_steps.check_pricing(facts, on)
    return rates


def needs_cost_sheet(application: Application, on: date) -> bool:
    """Whether the day asks that the borrower is shown what the loan costs; regions, licences and products may begin earlier."""
    code = "COST_SHEET_REQUIRED_PERSONAL" if application.customer.is_person else "COST_LIST_REQUIRED_ENTERPRISE"
    lender = compliance_queries.lender()
    return parameters.flag(
        code, on, licence_type=lender.licence_type, region=lender.region, product=application.product_version.product.code)


def case_of(contract: Contract) -> Case:
    """The papers' view of a contract. Raises FactMissing (422) for what a paper cannot do without."""
    version, application = contract.product_version, contract.application
    lender = compliance_queries.lender()
    account = contract.account
    with translation.override("zh-hans"):
        purpose = str(dict(application_choices.PURPOSES)[application.purpose])
    return Case(
        number=contract.number, made_on=contract.prepared_on, lender=Lender(name=lender.name, uscc=lender.uscc),
        parties=tuple(
            party_of(row.customer, row.role, trade=trade_words(application) if row.role == paper_facts.BORROWER else "")
            for row in contract.parties.all() if row.role != paper_facts.MORTGAGOR
        ),
        car=_car(contract.vehicle), further=tuple(_car(secured.vehicle) for secured in _further(contract)),
        account=Account(holder=account.holder_name, bank=account.bank_name, number=account.card_number),
        purpose=purpose, product_name=version.product.name, product_number=version.number, terms=contract.agreed,
        product=version.terms, refinances=application.refinances,
        papers_fee_max=_papers_fee_max(contract.prepared_on), gps_wired=contract.gps_wired, gps_wireless=contract.gps_wireless,
        sureties=_sureties(application), consents=_consents(contract.prepared_on),
        is_insured="loss_payee_insurance" in version.terms.guarantees,
    )


def _sureties(application: Application) -> tuple[Surety, ...]:
    """What was agreed with each guarantor whose guarantee was accepted."""
    rows = guarantee_queries.of(application.subject).filter(kind=guarantee_rules.GUARANTOR, status="accepted")
    return tuple(
        Surety(name=row.guarantor.name, amount=row.amount, is_joint=row.liability != guarantee_rules.GENERAL, until=row.agreed_until)
        for row in rows if row.guarantor is not None
    )


def _consents(on: date) -> tuple[Consent, ...]:
    """The words of every consent that a paper of its own asks for."""
    found = []
    with translation.override("zh-hans"):
        for kind in (*forms.CONSENTS, forms.WITH_GPS):
            text = compliance_steps.current_text(kind, on)
            if text is not None:
                found.append(Consent(kind=kind, label=str(dict(CONSENT_KINDS)[kind]), version=text.version, text=text.body))
    return tuple(found)


def paper_number(customer: Customer) -> str:
    """What identifies somebody on a paper."""
    return customer.id_number if customer.is_person else customer.uscc


def _papers_fee_max(on: date) -> Money | None:
    row = parameters.find("FEE_PAPERS_MAX", on)
    return Money(int(Decimal(row.value) * 100)) if row else None


def trade_words(application: Application | None) -> str:
    """How papers name the trade of a borrower who is a sole trader; empty for everybody else."""
    if application is None or application.trade is None:
        return ""
    return words.running(application.trade.name, application.trade.uscc)


def party_of(customer: Customer, role: str, *, trade: str = "") -> Party:
    """A signer. Raises FactMissing (422) when there is no address to send papers to, or no telephone."""
    mobile = customer_queries.main_mobile(customer)
    if not customer.address:
        raise errors.FactMissing(what=_("%(name)s的送达地址") % {"name": customer.masked_name})
    if not mobile:
        raise errors.FactMissing(what=_("%(name)s的手机号") % {"name": customer.masked_name})
    return Party(
        role=role, name=customer.name, paper_number=paper_number(customer), phone=mobile,
        address=customer.address, is_person=customer.is_person, trade=trade,
    )


# The mortgages of the further cars that a contract was made with: the decision counted them.
ALONG = Mortgage.objects.filter(further_of__application__further_vehicles__vehicle=F("vehicle"))
# Those of them that do not stand: not noted at the vehicle office yet, or let go without another decision.
LACKING_ALONG = ALONG.exclude(status="registered").exclude(is_alone=True)


def _further(contract: Contract) -> list[Mortgage]:
    rows = ALONG.filter(further_of=contract).exclude(status__in=["released", "cancelled"])
    return list(rows.select_related("vehicle__owner").order_by("pk"))


def waits_along(contract: Contract) -> bool:
    """Whether the vehicle office has not noted a further car yet that the contract was made with."""
    return ALONG.filter(further_of=contract, status="proposed").exists()


def _car(vehicle: Any) -> Car:
    return Car(
        title=vehicle.title, vin=vehicle.vin, plate=vehicle.plate, engine_no=vehicle.engine_no,
        registered_on=vehicle.first_registered_on, owner=party_of(vehicle.owner, paper_facts.MORTGAGOR),
    )


def readiness_of(contract: Contract, account: BankAccount, on: date) -> rules.Readiness:
    """Where the conditions precedent stand for a payout to `account` on `on`."""
    fixed, is_out = refinancing_of(contract), is_money_out(contract)
    further, waived = ({}, frozenset()) if contract.taken_over_on else condition_queries.lets_go(contract, on)
    own, along = contract.mortgage.status, set(LACKING_ALONG.filter(further_of=contract).values_list("status", flat=True))
    if contract.effective_on is None and not {own, *along} <= {"registered", "proposed"}:
        waived -= {rules.MORTGAGE}  # whoever agreed to register it later did not agree to let it go
    return rules.Readiness(
        on=on, is_signed=contract.status in ("signed", "effective"), needs_cost_sheet=contract.needs_cost_sheet,
        has_cost_sheet=contract.cost_sheet_on is not None,
        is_mortgage_registered=own == "registered" and not along,
        is_account_open=account.closed_at is None and account.customer_id == contract.customer_id,
        account_holder=account.holder_name, borrower_name=contract.customer.name,
        # Once the money is out the contract stands by itself; what the bank gave back is not out.
        approval_expires_on=None if is_out or is_partly_out(contract) else contract.approval_expires_on,
        refinances=bool(contract.refinances) and contract.effective_on is None, payoff_on=fixed.payoff_on if fixed else None,
        is_covered=None if is_out else _is_covered(contract), needs_gps=contract.needs_gps and contract.effective_on is None,
        has_gps=contract.gps_fitted_on is not None and fitting.are_located(contract), further=further, waived=waived,
    )


def is_money_out(contract: Contract) -> bool:
    """Whether the borrower has the money now: a payout stands paid, or the contract was taken over with its loan."""
    if contract.effective_on is None:
        return False
    return contract.taken_over_on is not None or Disbursement.objects.filter(contract=contract, status="paid").exists()


def is_partly_out(contract: Contract) -> bool:
    """Whether somebody has a part of the money now: the rest must follow, whatever the approval's last day."""
    return Leg.objects.filter(disbursement__contract=contract, status="paid").exists()


def _is_covered(contract: Contract) -> bool | None:
    """As it was last measured; None where it never was."""
    if contract.application is None:
        return None
    check = guarantee_queries.latest_check(contract.application.subject)
    return None if check is None else not check.missing


def people_of(contract: Contract) -> list[Customer]:
    """Everybody who signs it or stands surety for it, each once."""
    signers = [party.customer for party in contract.parties.select_related("customer")]
    return list({one.pk: one for one in (*signers, *sureties_of(contract))}.values())


def sureties_of(contract: Contract) -> list[Customer]:
    """Whoever stands surety by a guarantee that was accepted; none for a contract that was taken over."""
    return guarantee_queries.guarantors_of(contract.application.subject) if contract.application is not None else []


def unsigned_sureties(contract: Contract) -> list[Customer]:
    """Those of them whom the contract does not bind: they are no party that answers for the debt, or have not signed."""
    bound = set(contract.parties.filter(role__in=paper_facts.LIABLE, signed_on__isnull=False).values_list("customer_id", flat=True))
    return [one for one in sureties_of(contract) if one.pk not in bound]


def duties_before_payout(contract: Contract) -> dict[str, frozenset[int]]:
    """Who sold, reviewed and approved the case in any round, and who made the contract: delegates and those they stood for alike."""
    return {**application_duties.duties_of(contract.application), "collateral_ops": frozenset(contract.prepared_by_ids)}


def duties_before_check(disbursement: Disbursement) -> dict[str, frozenset[int]]:
    """The same with the payout's maker."""
    return {**duties_before_payout(disbursement.contract), "maker": frozenset(disbursement.prepared_by_ids)}


def refinancing_of(contract: Contract) -> Refinancing | None:
    """What of the principal pays off an older loan; most contracts have none, and are not asked."""
    return Refinancing.objects.filter(contract=contract).first() if contract.refinances else None


def payout_of(contract: Contract) -> Money:
    """What the bank pays: the whole principal, nothing kept back (民法典 §670); an older loan of the borrower's is paid off by it first."""
    fixed, principal = refinancing_of(contract), Money(contract.agreed.plan.principal_fen)
    return principal if fixed is None else principal - fixed.payoff
