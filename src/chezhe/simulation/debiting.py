"""Some borrowers who owe something today have signed a mandate; the day's debits are planned, and the worker makes them."""

from __future__ import annotations

from datetime import timedelta

from chezhe.customers import steps as customer_steps
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import SYSTEM
from chezhe.payments import permissions
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.debits.mandates import Signature
from chezhe.payments.vendors.debit.simulator import account_with_fate
from chezhe.servicing.actions.plan_debits import plan_debits
from chezhe.servicing.models import Loan
from chezhe.simulation.scene import Scene

# What becomes of their debits, in turn; without a fate the borrower's own account is debited, and pays.
FATES = ("", "801", "", "803", "808", "", "807", "", "802", "812")
DAYS_LATE_MAX = 7
LIMIT = Money(5_000_000)


def plan_today(scene: Scene) -> None:
    """Sign a few mandates, each for an account of another fate, and plan the day."""
    owing = Loan.objects.filter(status="active", oldest_due_on__gte=scene.today - timedelta(days=DAYS_LATE_MAX), customer__mandates=None)
    customers: set[int] = set()
    for loan in owing.select_related("customer__branch").order_by("-oldest_due_on", "pk"):
        if loan.customer_id not in customers and len(customers) < len(FATES):
            _sign(loan, FATES[len(customers)], len(customers), scene)
            customers.add(loan.customer_id)
    plan_debits(day=scene.today, by=SYSTEM)


def _sign(loan: Loan, fate: str, serial: int, scene: Scene) -> None:
    tail = ""
    if fate:
        card = account_with_fate(fate, serial=100 + serial)
        tail = customer_steps.add_account(loan.customer, kind="card", card_number=card, bank_name="示例银行", is_main=False).tail
    signature = Signature(account_tail=tail, debit_max=LIMIT, day_max=LIMIT, signed_on=scene.today, evidence=f"DK-{serial + 1:04d}")
    # Those who sell see their own customers only.
    by = scene.who(permissions.SIGN_MANDATE, loan.customer.branch.code, role=roles.SERVICING)
    sign_mandate(customer_number=loan.customer.number, signature=signature, by=by)
    scene.note("mandates")
