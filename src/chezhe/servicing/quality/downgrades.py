"""A person holds a loan in a worse class; lifting that is an upgrade, which others must agree to."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.approvals import steps as approval_steps
from chezhe.finmath.ageing import FiveClass
from chezhe.kernel import business_date, clock, events, moves, numbers, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.servicing.given import require_reason
from chezhe.servicing.models import Loan
from chezhe.servicing.quality import grading
from chezhe.servicing.quality.models import ASSET_CLASSES, DOWNGRADE_PREFIX, ClassDowngrade
from chezhe.servicing.quality.rules import CLASSES
from chezhe.servicing.states import DOWNGRADE

APPROVAL_KIND = "class_lift"


class LoanNotRunning(BusinessError):
    code = "loan_not_running"
    sentence = gettext_lazy("贷款已结清或已核销，不再分类。")


class NotWorse(BusinessError):
    code = "class_not_worse"
    http_status = 422
    field = "asset_class"
    sentence = gettext_lazy("贷款现为“%(now)s”，只能下调到更差的类别。")


def class_label(asset_class: str) -> str:
    """The class for people."""
    return str(dict(ASSET_CLASSES)[asset_class])


def put_down(loan: Loan, asset_class: str, reason: str, *, by: Actor) -> ClassDowngrade:
    """Hold a locked loan in `asset_class` from today on. Raises Invalid or NotWorse (422), ReasonRequired (422) or
    LoanNotRunning (409)."""
    kept, today = require_reason(reason), business_date.current()
    if asset_class not in dict(ASSET_CLASSES):
        raise Invalid(field="asset_class", code="class_unknown", sentence=_("没有这个分类。"))
    now = grading.quality_of(loan, today)
    if now is None:
        raise LoanNotRunning()
    if CLASSES.index(FiveClass(asset_class)) <= CLASSES.index(now.asset_class):
        raise NotWorse(now=class_label(now.asset_class))
    downgrade = ClassDowngrade.objects.create(
        number=numbers.next_number(DOWNGRADE_PREFIX, today), loan=loan, asset_class=asset_class, reason=kept, downgraded_on=today,
        downgraded_at=clock.now(), downgraded_by_id=by.user_id, downgraded_by_name=by.name,
    )
    moves.record(downgrade.subject, "downgrade", "", downgrade.status, by=by, reason=kept)
    events.publish("loan.downgraded", loan.subject, {"loan": loan.number, "downgrade": downgrade.number, "class": asset_class})
    return downgrade


def ask_lift(downgrade: ClassDowngrade, reason: str, *, by: Actor) -> ClassDowngrade:
    """Ask risk management to end a locked downgrade. Raises ReasonRequired (422) or WrongState (409)."""
    kept = require_reason(reason)
    DOWNGRADE.require(downgrade.status, "ask")
    title = _("解除分类下调：贷款 %(loan)s") % {"loan": downgrade.loan.number}
    request = approval_steps.open_request(
        kind=APPROVAL_KIND, subject=downgrade.subject, title=title, stages=[{"role": roles.RISK_MANAGER}], maker_ids=by.user_ids,
        branch_id=downgrade.loan.branch_id, by=by,
    )
    downgrade.lift_reason, downgrade.lift_asked_by_name, downgrade.approval_number = kept, by.name, request.number
    downgrade.save(update_fields=["lift_reason", "lift_asked_by_name", "approval_number"])
    moves.move(downgrade, DOWNGRADE, "ask", by=by, reason=kept)
    return downgrade


def decide(subject: str, outcome: str, by: Actor) -> ClassDowngrade:
    """End the downgrade or keep it, in the transaction of the deciding vote."""
    downgrade = ClassDowngrade.objects.select_related("loan").lock(subject.partition(":")[2])
    verb = "lift" if outcome == "approved" else "keep"
    DOWNGRADE.require(downgrade.status, verb)
    if verb == "lift":
        # The database asks for the day and the status together.
        downgrade.lifted_on, downgrade.status = business_date.current(), "lifted"
        downgrade.save(update_fields=["lifted_on", "status"])
        moves.record(downgrade.subject, "lift", "lift_asked", "lifted", by=by)
        events.publish("loan.class_lifted", downgrade.loan.subject, {"loan": downgrade.loan.number, "downgrade": downgrade.number})
    else:
        moves.move(downgrade, DOWNGRADE, "keep", by=by)
    return downgrade
