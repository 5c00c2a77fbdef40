"""Another limit: one person proposes it, another one agrees, then it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from chezhe.approvals import handling, kinds, steps
from chezhe.approvals.models import LIMIT_PREFIX, ApprovalRequest, Limit
from chezhe.approvals.states import LIMIT
from chezhe.finmath.money import Money
from chezhe.kernel import clock, moves, numbers, roles
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff.models import Branch, User
from chezhe.ui import formats

KIND = "approvals.limit"
AMOUNT_MAX = Money(10**13)
_VERBS = {"approved": "approve", "rejected": "reject", "returned": "reject", "withdrawn": "withdraw"}


def register() -> None:
    """Name the kind for the inbox; a limit that is agreed to counts at once."""
    kinds.register(kinds.Kind(KIND, _lazy("审批权限变更"), is_decidable=True, settle=settle, may_be_undone=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Whose limit (a role or a user name) for which kind of request, where and for what, up to which amount, from which day."""

    kind: str
    amount_max: Money
    starts_on: date
    role: str = ""
    username: str = ""
    branch_code: str = ""
    product: str = ""

    @property
    def audit_facts(self) -> dict[str, object]:
        """What of it belongs into the trail."""
        return {"kind": self.kind, "role": self.role, "amount_max": self.amount_max, "starts_on": self.starts_on, "product": self.product}


def propose(bound: Proposed, reason: str, on: date, by: Actor) -> Limit:
    """Write a proposal and ask the second person. Raises Invalid (422) beside the field that is wrong."""
    words = handling.require_words(reason)
    _check(bound, on)
    user, branch = _user(bound.username), _branch(bound.branch_code)
    limit = Limit(
        number=numbers.next_number(LIMIT_PREFIX, on), kind=bound.kind, role=bound.role, user=user, branch=branch,
        product=bound.product.strip(), amount_max=bound.amount_max, starts_on=bound.starts_on, reason=words, proposed_by_id=by.user_id,
        proposed_by_name=by.name, proposed_at=clock.now(),
    )
    limit.request_number = _ask(limit, by).number
    limit.save(force_insert=True)
    moves.record(limit.subject, "propose", "", "proposed", by=by, reason=words)
    return limit


def ship(kind: str, amounts: Mapping[str, Money], starts_on: date) -> None:
    """Let a house that has no limits for a kind of request begin with these, by role; one that ever had any keeps its own."""
    if Limit.objects.filter(kind=kind).exists():
        return
    now, reason = clock.now(), _("新系统出厂设置")
    for role, most in amounts.items():
        limit = Limit.objects.create(
            number=numbers.next_number(LIMIT_PREFIX, starts_on), kind=kind, role=role, amount_max=most, starts_on=starts_on,
            reason=reason, status="in_force", proposed_by_name=SYSTEM.name, proposed_at=now, settled_at=now, settled_by_name=SYSTEM.name,
        )
        moves.record(limit.subject, "approve", "", limit.status, by=SYSTEM, reason=reason)


def _ask(limit: Limit, by: Actor) -> ApprovalRequest:
    """Whoever proposes as compliance officer is checked by risk management, and the other way round; nobody agrees to their own."""
    checker = roles.RISK_MANAGER if roles.COMPLIANCE in by.roles else roles.COMPLIANCE
    said = {"whose": limit.whose, "kind": kinds.find(limit.kind).label, "amount": formats.yuan(limit.amount_max)}
    concerned = {limit.user_id} if limit.user_id is not None else set()
    return steps.open_request(
        kind=KIND, subject=limit.subject, title=_("审批权限：%(whose)s · %(kind)s 至 %(amount)s 元") % said,
        stages=[{"role": checker}], maker_ids={*by.user_ids, *concerned}, branch_id=None, by=by, amount=limit.amount_max,
    )


def _check(bound: Proposed, on: date) -> None:
    if bound.kind not in kinds.KINDS:
        raise Invalid(field="kind", code="kind_unknown", sentence=_lazy("没有这类审批，请从列表中选择。"))
    if bool(bound.role) == bool(bound.username.strip()):
        raise Invalid(field="role", code="limit_of_whom", sentence=_lazy("请选择角色，或填写一位同事，二者取其一。"))
    if bound.role and bound.role not in roles.LABELS:
        raise Invalid(field="role", code="role_unknown", sentence=_lazy("没有这个角色。"))
    if bound.amount_max.fen < 0 or bound.amount_max > AMOUNT_MAX:
        raise Invalid(field="amount_max", code="limit_out_of_range", sentence=_lazy("金额须在 0 至 1000 亿元之间。"))
    if bound.starts_on < on:
        raise Invalid(field="starts_on", code="limit_past", sentence=_lazy("生效日不能早于今天：已经用过的权限不能改写。"))


def _user(username: str) -> User | None:
    wanted = username.strip().lower()
    found = User.objects.filter(username=wanted, is_active=True).first() if wanted else None
    if wanted and found is None:
        raise Invalid(field="username", code="user_unknown", sentence=_lazy("没有这位在职同事。"))
    return found


def _branch(code: str) -> Branch | None:
    wanted = code.strip()
    found = Branch.objects.filter(code=wanted).first() if wanted else None
    if wanted and found is None:
        raise Invalid(field="branch_code", code="branch_unknown", sentence=_lazy("没有这家门店。"))
    return found


def settle(subject: str, outcome: str, by: Actor) -> None:
    """Carry out what the second person said, in the transaction of their vote."""
    limit = Limit.objects.select_for_update(of=("self",), no_key=True).get(number=subject.partition(":")[2])
    if limit.status != "proposed":
        return
    limit.settled_at, limit.settled_by_name = clock.now(), by.name
    limit.save(update_fields=["settled_at", "settled_by_name"])
    moves.move(limit, LIMIT, _VERBS[outcome], by=by)
