"""What the house itself does in a year: months are closed, figures and products renewed, dealers and people come and go.

An errand is run on its day by the people whose work it is, from proposal to the second person's agreement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.actions.withdraw_request import withdraw_request
from chezhe.channels import permissions as channel_permissions
from chezhe.channels.actions.create_dealer import create_dealer
from chezhe.channels.actions.edit_dealer import edit_dealer
from chezhe.channels.actions.exit_dealer import exit_dealer
from chezhe.channels.actions.resume_dealer import resume_dealer
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.models import Dealer
from chezhe.channels.steps import DealerFacts
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.identifiers import synthetic
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.ledger import chart
from chezhe.ledger import permissions as ledger_permissions
from chezhe.ledger.actions.close_period import close_period
from chezhe.ledger.actions.open_account import open_account
from chezhe.ledger.actions.post_manual_entry import post_manual_entry
from chezhe.ledger.actions.retire_account import retire_account
from chezhe.ledger.actions.reverse_entry import reverse_entry
from chezhe.ledger.models import ManualEntry
from chezhe.simulation import dealers, governance, lives, monthend, phone, reconciling, seals, staffing
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene

DEALERS = (("dealer_4s", "汽车销售服务有限公司", "B"), ("used_car_dealer", "二手车经纪有限公司", "C"))
CHARGES, CAPITAL = Money(8_650), Money(3_000_000_000)


@dataclass(slots=True)
class Errand:
    """Something the house does on one day, by the name of its function."""

    serial: int
    name: str
    next_on: date
    stage: str = "errand"


def run(errand: Errand, scene: Scene) -> None:
    """Do it; an errand has one turn."""
    ERRANDS[errand.name](scene)
    scene.note("errands")
    errand.stage = ""


def diary(start: date, days: int, first_serial: int) -> list[Errand]:
    """All errands of a story, in the order of their days."""
    planned = [(start, "take_on_dealers"), (start, "bring_in_capital"), (start, "register_seals")]
    for offset in range(days):
        day = start + timedelta(days=offset)
        planned += [(day, name) for name in _MONTHLY.get(day.day, ())]
    months = [start + timedelta(days=30 * month) for month in range(days // 30 + 1)]
    for month, day in enumerate(months):
        planned += [(day + timedelta(days=3), name) for name in _YEARLY.get(month % 12, ())]
    last = start + timedelta(days=days - 1)
    # Last month's tax waits for today's people, whether its day has come or not.
    today = last + timedelta(days=1)
    planned = [(day, name) for day, name in planned if name != "tax_last_month" or day < today.replace(day=1)]
    return [Errand(first_serial + place, name, day) for place, (day, name) in enumerate(sorted(planned)) if day <= last]


# ---- dealers --------------------------------------------------------------------------------------------------


def take_on_dealers(scene: Scene) -> None:
    """Two for each branch, with an account and a commission plan each."""
    by = _channel_manager(scene)
    for code, _name, _region, city in BRANCHES:
        for kind, ending, tier in DEALERS:
            facts = DealerFacts(
                kind=kind, name=f"{city}{''.join(scene.rng.sample(lives.GIVEN, 2))}{ending}", tier=tier, city=f"{city}市",
                uscc=synthetic.invent_uscc(scene.rng, lives.PROVINCES[code]), address=f"{lives.CITIES[code]}示例路 1 号",
                contact_name="赵经理", contact_mobile=synthetic.invent_mobile(scene.rng),
            )
            create_dealer(facts=facts, branch_code=code, business_date=scene.today, by=by)
    dealers.open_accounts(scene)


def judge_a_dealer(scene: Scene) -> None:
    """A dealer does well and moves up a tier."""
    dealer = _a_dealer(scene, "active")
    by = _channel_manager(scene)
    tier = "A" if dealer.tier != "A" else "B"
    edit_dealer(dealer_number=dealer.number, version=dealer.version, changes={"tier": tier}, reason="季度评级", by=by)


def suspend_a_dealer(scene: Scene) -> None:
    """A dealer's files are poor: no more business for a while, and then again; another one leaves for good."""
    by = scene.who(channel_permissions.SUSPEND, BRANCHES[0][0], role=roles.RISK_MANAGER)
    first = _a_dealer(scene, "active")
    suspend_dealer(dealer_number=first.number, reason="进件资料多次不合格", by=by)
    resume_dealer(dealer_number=first.number, reason="整改完成", by=by)
    if Dealer.objects.filter(status="active").count() > len(BRANCHES) + 1:
        exit_dealer(dealer_number=_a_dealer(scene, "active").number, reason="停止经营车辆业务", by=by)


def _channel_manager(scene: Scene) -> Actor:
    return scene.who(channel_permissions.EDIT, BRANCHES[0][0], role=roles.CHANNEL_MGR)


def _a_dealer(scene: Scene, status: str) -> Dealer:
    return scene.rng.choice(list(Dealer.objects.filter(status=status).order_by("uscc")))


# ---- books ----------------------------------------------------------------------------------------------------


def close_last_month(scene: Scene) -> None:
    """Finance closes the month before."""
    month = scene.today.replace(day=1) - timedelta(days=1)
    close_period(month=month, business_date=scene.today, by=scene.who(ledger_permissions.CLOSE_PERIOD, BRANCHES[0][0]))


def bring_in_capital(scene: Scene) -> None:
    """The owners pay in what the house lends."""
    by = scene.who(ledger_permissions.POST_MANUAL_ENTRY, BRANCHES[0][0])
    moved = (Transfer(chart.BANK_PAYOUT, chart.CAPITAL, CAPITAL.fen),)
    _agree(scene, post_manual_entry(posted_on=scene.today, memo="股东实缴资本", transfers=moved, business_date=scene.today, by=by))


def book_bank_charges(scene: Scene) -> None:
    """The bank has taken its charges: one of finance proposes the entry, another agrees."""
    _agree(scene, propose_bank_charges(scene))


def _agree(scene: Scene, manual: ManualEntry) -> None:
    second = scene.who(
        ledger_permissions.POST_MANUAL_ENTRY, BRANCHES[0][0], apart_from={manual.proposed_by_id} if manual.proposed_by_id else ()
    )
    cast_vote(request_number=manual.approval_number, verdict="agree", by=second)


def propose_bank_charges(scene: Scene) -> ManualEntry:
    """The proposal alone."""
    by = scene.who(ledger_permissions.POST_MANUAL_ENTRY, BRANCHES[0][0])
    moved = (Transfer(chart.BANK_CHARGES, chart.BANK, CHARGES.fen),)
    return post_manual_entry(posted_on=scene.today, memo="银行账户管理费", transfers=moved, business_date=scene.today, by=by)


def correct_bank_charges(scene: Scene) -> None:
    """Charged twice: the last entry is reversed, and a proposal that nobody needs is withdrawn."""
    booked = ManualEntry.objects.filter(entry__isnull=False, entry__reversal__isnull=True).select_related("entry").order_by("-id").first()
    if booked is not None and booked.entry is not None:
        by = scene.who(ledger_permissions.REVERSE_ENTRY, BRANCHES[0][0])
        proposed = reverse_entry(
            entry_number=booked.entry.number, on=scene.today, reason="银行重复扣费已退回", business_date=scene.today, by=by
        )
        _agree(scene, proposed)
    manual = propose_bank_charges(scene)
    proposer = next(actor for actor in scene.cast.actors.values() if actor.user_id == manual.proposed_by_id)
    withdraw_request(request_number=manual.approval_number, by=proposer.stepping_up(scene.cast.now))


def try_another_account(scene: Scene) -> None:
    """A second receiving account is opened in the chart and, since nothing came, retired."""
    by = scene.who(ledger_permissions.MANAGE_ACCOUNTS, BRANCHES[0][0])
    name = f"银行存款—备用户 {scene.today:%Y%m}"
    account = open_account(group_code="1002", name=name, english=f"spare bank {scene.today:%Y%m}", by=by)
    retire_account(account_code=account.code, reason="未启用", by=by)


ERRANDS: dict[str, Callable[[Scene], object]] = {
    function.__name__: function
    for function in (
        take_on_dealers, judge_a_dealer, suspend_a_dealer, close_last_month, book_bank_charges, propose_bank_charges,
        correct_bank_charges, try_another_account, bring_in_capital, *dealers.ERRANDS, *governance.ERRANDS, *monthend.ERRANDS,
        *phone.ERRANDS, *reconciling.ERRANDS, *seals.ERRANDS, *staffing.ERRANDS,
    )
}
# By the day of the month, and by the month of the story (every twelve months again).
_MONTHLY = {
    2: ("answer_complaints",), 5: ("provide_last_month", "fund_last_month"), 6: ("tax_last_month",), 7: ("bring_payout_statement",),
    8: ("settle_commission",), 9: ("answer_complaints",), 12: ("close_last_month",), 14: ("bring_payout_statement", "reconcile"),
    16: ("answer_complaints",), 20: ("renew_the_base_rate",), 21: ("bring_payout_statement",), 23: ("answer_complaints",),
    27: ("bring_payout_statement", "book_bank_charges"), 28: ("bring_payout_statement", "reconcile"), 30: ("answer_complaints",),
}
_YEARLY = {
    0: ("renew_the_lenders_particulars", "take_on_a_trainee"), 1: ("judge_a_dealer", "delegate_for_a_holiday", "take_a_car_back"),
    2: ("correct_bank_charges", "renew_a_product"), 3: ("try_another_account", "change_a_roles_rights"),
    4: ("refuse_a_figure", "issue_a_token"), 5: ("suspend_a_dealer",), 6: ("try_a_product",), 7: ("judge_a_dealer",),
    8: ("close_an_extra_day",), 9: ("renew_a_product",), 10: ("correct_bank_charges",), 11: ("delegate_for_a_holiday",),
}
STAGES = {"errand": run}
