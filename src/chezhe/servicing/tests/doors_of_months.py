"""The doors of whole months (cost of funds, VAT, provision, the treasury's payment) and of receipts that stand twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import Actor
from chezhe.payments.actions.merge_receipt import merge_receipt
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import Tally
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.post_vat import post_vat
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.models import Loan, ProvisionRun, VatRun
from chezhe.servicing.tests.deciding import someone
from chezhe.servicing.tests.doors_of_money import FEBRUARY, MID, WHY, Case, at, file_of, slip
from chezhe.servicing.tests.lending import Bank, pay, receipt

JANUARY, AFTER = date(2026, 1, 31), date(2026, 2, 3)
MONTH = date(2026, 2, 1)


def second(bank: Bank) -> Actor:
    """Another one in finance, who posts what Fang prepared."""
    return someone(bank, "金", roles.FINANCE)


def computed(run: ProvisionRun | VatRun) -> str:
    """Its number, when the worker has worked."""
    while jobs.run_due():
        clock.tick(1)
    return run.number


def provision_case(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, AFTER)
    return Case(f"servicing/provisions/{computed(run_provision(as_of=JANUARY, by=bank.fang))}/post", by=second)


def provision_back(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, AFTER)
    run = post_provision(provision_number=computed(run_provision(as_of=JANUARY, by=bank.fang)), by=second(bank))
    return Case(f"servicing/provisions/{run.number}/reverse", WHY)


def vat_case(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, AFTER)
    return Case(f"servicing/vat-runs/{computed(run_vat(as_of=JANUARY, by=bank.fang))}/post", by=second)


def vat_back(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, AFTER)
    run = post_vat(vat_number=computed(run_vat(as_of=JANUARY, by=bank.fang)), by=second(bank))
    return Case(f"servicing/vat-runs/{run.number}/reverse", WHY)


def funding_case(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, AFTER)
    return Case("servicing/funding-runs", {"as_of": JANUARY.isoformat()})


def funding_back(bank: Bank, loan: Loan) -> Case:
    at(bank, loan, AFTER)
    return Case(f"servicing/funding-runs/{post_funding(as_of=JANUARY, by=bank.fang).number}/reverse", WHY)


def granted(bank: Bank, loan: Loan) -> None:
    """83.33 of February's line, which the treasury owes."""
    at(bank, loan, MID)
    grant_subsidy(loan_number=loan.number, period=1, by=bank.fang)


def treasury_case(bank: Bank, loan: Loan) -> Case:
    granted(bank, loan)
    return Case("servicing/subsidy-payments", slip("80.00", MID, month="2026-02"))


def treasury_back(bank: Bank, loan: Loan) -> Case:
    granted(bank, loan)
    entry = record_subsidy_payment(month=MONTH, receipt=receipt("80.00", MID), by=bank.fang)
    return Case(f"servicing/subsidy-payments/{entry.number}/reverse", WHY)


def doubled(bank: Bank, loan: Loan) -> dict[str, str]:
    """The counter booked it under another number than the statement's."""
    at(bank, loan, FEBRUARY)
    pay(bank, loan, "3321.43", FEBRUARY, "柜面1")
    file_of(bank, loan, "2026-02-15,3321.43,S1,王小明,,房租")
    reconcile_accounts(by=bank.fang)
    return {"tally_number": Tally.objects.get(kind="ledger_only").number, "bank_serial": "S1"}


def merging_case(bank: Bank, loan: Loan) -> Case:
    return Case("payments/reconciliation/merged-receipts", dict(doubled(bank, loan)))


def restoring_case(bank: Bank, loan: Loan) -> Case:
    merge_receipt(**doubled(bank, loan), by=bank.fang)
    return Case("payments/reconciliation/restored-receipts", {"bank_serial": "S1", **WHY})


CASES: dict[str, Callable[[Bank, Loan], Case]] = {
    "provision": provision_case,
    "provision taken back": provision_back,
    "VAT": vat_case,
    "VAT taken back": vat_back,
    "cost of funds": funding_case,
    "cost of funds taken back": funding_back,
    "treasury's payment": treasury_case,
    "treasury's payment taken back": treasury_back,
    "merging a receipt": merging_case,
    "restoring a receipt": restoring_case,
}

BAD: dict[str, Callable[[Bank, Loan], Case]] = {
    "provision by who began it": lambda bank, loan: Case(provision_case(bank, loan).path),
    "provision taken back without a reason": lambda bank, loan: Case(provision_back(bank, loan).path, {"reason": " "}),
    "VAT by who began it": lambda bank, loan: Case(vat_case(bank, loan).path),
    "VAT that is not posted taken back": lambda bank, loan: Case(vat_case(bank, loan).path.replace("/post", "/reverse"), WHY),
    "cost of funds of a month that runs": lambda bank, loan: Case("servicing/funding-runs", {"as_of": "2026-02-28"}),
    "more than the treasury owes": lambda bank, loan: Case(treasury_case(bank, loan).path, slip("83.34", MID, month="2026-02")),
    "no payment of the treasury": lambda bank, loan: Case("servicing/subsidy-payments/J26-000001-1/reverse", WHY),
    "merging another sum": lambda bank, loan: Case(
        "payments/reconciliation/merged-receipts", {**doubled(bank, loan), "bank_serial": "S404"}),
    "restoring what never left": lambda bank, loan: Case(
        "payments/reconciliation/restored-receipts", {"bank_serial": doubled(bank, loan)["bank_serial"], **WHY}),
}
