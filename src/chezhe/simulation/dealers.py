"""What dealers get: the price of the car out of the payout, a commission by the month, and what they owe back of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from chezhe.channels import permissions as channel_permissions
from chezhe.channels.actions.decide_commission_plan import decide_commission_plan
from chezhe.channels.actions.propose_commission_plan import propose_commission_plan
from chezhe.channels.commission import queries as plans
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import Dealer
from chezhe.contracts import casework, permissions
from chezhe.contracts.actions.decide_payee import decide_payee
from chezhe.contracts.actions.propose_payee import NewPayee, propose_payee
from chezhe.contracts.collateral import registering
from chezhe.contracts.models import Contract
from chezhe.contracts.paying import queries as payees
from chezhe.contracts.paying.steps import Part
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.servicing.actions.approve_commission import approve_commission
from chezhe.servicing.actions.draw_up_commission import draw_up_commission
from chezhe.servicing.actions.pay_commission import pay_commission
from chezhe.servicing.actions.record_car_return import record_car_return
from chezhe.servicing.commission import permissions as commission_permissions
from chezhe.servicing.commission import statements
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.commission.states import ACCRUED, CLAWBACKS
from chezhe.simulation import lives
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

OFFICE = BRANCHES[0][0]
INSURER = "示例财产保险股份有限公司"
RATE, AMOUNT_MAX, HOLD_MONTHS = Decimal("0.02"), Money(600_000), 12
PREMIUM_MAX, PREMIUM_SHARE = Money(480_000), 20


def open_accounts(scene: Scene) -> None:
    """An account of each dealer and of the insurer, by two people, and a commission plan for each dealer, by two others."""
    insurer = NewPayee(kind="insurer", name=INSURER, bank_name="示例银行", account=lives.good_card(scene.rng))
    _stand_by(insurer, scene)
    for dealer in Dealer.objects.filter(status="active").select_related("branch").order_by("uscc"):
        account = lives.good_card(scene.rng)
        _stand_by(NewPayee(kind="dealer", dealer_number=dealer.number, bank_name="样例农商行", account=account), scene)
        _agree_on_commission(dealer, scene)


def _stand_by(payee: NewPayee, scene: Scene) -> None:
    proposer = scene.who(permissions.PROPOSE_PAYEE, OFFICE, role=roles.CHANNEL_MGR)
    proposed = propose_payee(proposed=payee, by=proposer)
    second = scene.who(permissions.DECIDE_PAYEE, OFFICE, apart_from=proposer.user_ids)
    decide_payee(payee_number=proposed.number, agrees=True, opinion="已电话核实户名与账号", by=second)
    scene.note("payees")


def _agree_on_commission(dealer: Dealer, scene: Scene) -> None:
    """Where a cap is in force: without one nobody may promise anything."""
    if plans.cap("", scene.today) is None:
        return
    terms = PlanTerms(rate=RATE, amount_max=AMOUNT_MAX, hold_months=HOLD_MONTHS, effective_from=scene.today)
    plan = propose_commission_plan(
        dealer_number=dealer.number, terms=terms, reason="年度合作协议", business_date=scene.today,
        by=scene.who(channel_permissions.PROPOSE_COMMISSION, OFFICE))
    manager = scene.who(channel_permissions.DECIDE_COMMISSION, dealer.branch.code)
    decide_commission_plan(plan_number=plan.number, agrees=True, opinion="与合作协议一致", by=manager)
    scene.note("commission_plans")


def parts_of(track: Track, scene: Scene) -> list[Part]:
    """How the money for a dealer's car is split: the first year's premium to the insurer, the rest to the dealer. Empty where the borrower
    gets all of it."""
    contract = Contract.objects.select_related("application", "product_version").get(number=track.contract)
    application = contract.application
    if application is None or application.dealer_id is None or track.older is not None or not registering.is_purchase(contract):
        return []
    payable = payees.payable_to(contract)
    dealer, insurer = payable.filter(dealer=application.dealer_id).first(), payable.filter(kind="insurer").first()
    if dealer is None or insurer is None:
        return []
    total = casework.payout_of(contract)
    premium = min(PREMIUM_MAX, Money(total.fen // PREMIUM_SHARE))
    scene.note("split_payouts")
    return [Part(payee_number=dealer.number, amount=total - premium), Part(payee_number=insurer.number, amount=premium)]


def settle_commission(scene: Scene) -> None:
    """Last month's commission, dealer by dealer: drawn up, agreed to by another of finance, and paid by a third person."""
    as_of = scene.today.replace(day=1) - timedelta(days=1)
    finance = scene.who(commission_permissions.DRAW_UP, OFFICE)
    if not statements.due(as_of, finance):
        return
    second = scene.who(commission_permissions.APPROVE, OFFICE, apart_from=finance.user_ids)
    for drawn in draw_up_commission(as_of=as_of, by=finance):
        agreed = approve_commission(statement_number=drawn.number, by=second)
        scene.note("commission_statements")
        scene.note("commission_clawbacks", drawn.lines.filter(kind__in=CLAWBACKS).count())
        if agreed.payable:
            pay_commission(statement_number=drawn.number, by=scene.who(commission_permissions.PAY, OFFICE))
            scene.note("commission_paid")


def take_a_car_back(scene: Scene) -> None:
    """A customer has brought the car back to its dealer, who gives up the commission for it."""
    lines = CommissionLine.objects.filter(kind=ACCRUED, loan__status="active").exclude(loan__commission_lines__kind__in=CLAWBACKS)
    line = lines.select_related("loan").order_by("amount", "on", "id").first()
    if line is not None:
        record_car_return(
            loan_number=line.loan.number, returned_on=scene.today, reason="客户退车，车商已办理退车手续", business_date=scene.today,
            by=scene.who(commission_permissions.RECORD_RETURN, OFFICE))
        scene.note("cars_returned")


ERRANDS = (settle_commission, take_a_car_back)
