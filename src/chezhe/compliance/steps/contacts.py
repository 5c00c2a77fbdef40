"""The gate before every contact: reserve first, then call, send or visit, then say what came of it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import contact_rules, labels
from chezhe.compliance.models import CONTACT_PREFIX, ContactAttempt, ContactBlock
from chezhe.compliance.states import CONTACT
from chezhe.kernel import clock, crypto, locks, moves, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound

SENTENCES: dict[str, Any] = {
    "contact_quiet_hours": _("现在是免打扰时段（%(limit)s），%(possible)s 起可以联系。"),
    "contact_calls_effective": _("今天与该债务人的有效通话已达 %(limit)s 次（含委外），%(possible)s 起可以再拨。"),
    "contact_notices_connected": _("今天已接通该债务人 %(limit)s 次通知电话（含委外），%(possible)s 起可以再拨。"),
    "contact_attempts_same_number": _("今天对这个号码的联系已达 %(limit)s 次，%(possible)s 起可以再试。"),
    "contact_deceased": _("登记为已故，不得再联系本人。"),
    "contact_disputed": _("债务有争议，处理完毕前不得催收或营销。"),
    "contact_opted_out": _("客户已拒收营销信息。"),
}


class ContactRefused(BusinessError):
    """The contact may not be made now. `possible_at` is the moment it may, None when somebody must lift a block."""

    http_status = 409

    def __init__(self, refusal: contact_rules.Refusal) -> None:
        self.code, self.sentence, self.possible_at = refusal.code, SENTENCES[refusal.code], refusal.possible_at
        super().__init__(limit=refusal.limit, possible=f"{refusal.possible_at:%m-%d %H:%M}" if refusal.possible_at else "—")


@transaction.atomic
def reserve_contact(
    *, subject: str, channel: str, purpose: str, by: Actor, address: str = "", agency: str = "", at: datetime | None = None
) -> ContactAttempt:
    """Take a slot for one contact with the debtor `subject` (customer:C26-…), or raise ContactRefused (409).

    `address` is the plain number or e-mail (only its blind index and tail are kept); empty for a visit. `agency` is
    the code of the outside agency that makes the contact: own and agency contacts count together. Two at once cannot
    both take the last slot: reservations of one debtor, and of one number, wait for each other.
    """
    if channel not in contact_rules.CHANNELS or purpose not in contact_rules.PURPOSES:
        raise Invalid(field="channel", code="contact_kind_unknown", sentence=_("没有这种联系方式或用途。"))
    moment = (at or clock.now()).astimezone(clock.SHANGHAI)
    index = address_index(address)
    for name in sorted({f"contact:{subject}", f"contact-address:{index}"} - {"contact-address:"}):
        locks.hold(name)
    refusal = _refusal(subject, channel, purpose, index, moment)
    if refusal is not None:
        raise ContactRefused(refusal)
    attempt = ContactAttempt.objects.create(
        number=numbers.next_number(CONTACT_PREFIX, moment.date()), subject_text=subject, day=moment.date(),
        channel=channel, purpose=purpose, address_index=index, address_tail=address[-4:] if len(address) > 4 else "",
        agency=agency, reserved_at=moment, recorded_by_key=by.key, recorded_by_name=by.name,
    )
    moves.record(attempt.subject, "reserve", "", "reserved", by=by)
    return attempt


def may_contact(
    *, subject: str, channel: str, purpose: str, address: str = "", at: datetime | None = None, is_reserved: bool = False
) -> contact_rules.Refusal | None:
    """What would be answered now: takes no slot and promises none.

    `is_reserved` asks for a contact that holds its slot already: only hours and blocks can still forbid it.
    """
    moment = (at or clock.now()).astimezone(clock.SHANGHAI)
    return _refusal(subject, channel, purpose, address_index(address), moment, is_reserved=is_reserved)


def _refusal(
    subject: str, channel: str, purpose: str, index: str, moment: datetime, *, is_reserved: bool = False
) -> contact_rules.Refusal | None:
    same = Q(subject_text=subject) | Q(address_index=index) if index else Q(subject_text=subject)
    today = [] if is_reserved else list(ContactAttempt.objects.filter(same, day=moment.date()))
    return contact_rules.refusal_of(
        channel=channel, purpose=purpose, address_index=index, at=moment, policy=policy_on(moment.date()),
        used=[attempt.as_used(subject) for attempt in today],
        blocks=ContactBlock.objects.filter(subject_text=subject, lifted_on__isnull=True).values_list("reason", flat=True),
    )


_POLICY = (
    "COLLECT_QUIET_FROM", "COLLECT_QUIET_TO", "COLLECT_CALLS_EFFECTIVE", "COLLECT_NOTICE_CONNECTED", "COLLECT_ATTEMPTS_SAME_NO",
)


def policy_on(day: date) -> contact_rules.Policy:
    """The contact figures in force on a day. Raises ParameterMissing (409)."""
    figures = parameters.require_all(_POLICY, day)
    quiet_from, quiet_to, calls, notices, attempts = (figures[code].value for code in _POLICY)
    return contact_rules.Policy(
        quiet_from=time.fromisoformat(quiet_from), quiet_to=time.fromisoformat(quiet_to), calls_effective_max=int(calls),
        notices_connected_max=int(notices), attempts_same_number_max=int(attempts),
    )


def address_index(address: str) -> str:
    """The blind index by which one number is recognised again, whoever it belongs to."""
    return crypto.blind_index(address.strip().lower(), kind="contact_address") if address.strip() else ""


def complete_contact(number: str, outcome: str, by: Actor) -> ContactAttempt:
    """Say what came of a reserved contact; `not_made` gives the slot back. Raises NotFound, Invalid or WrongState."""
    attempt = ContactAttempt.objects.select_for_update().filter(number=number).first()
    if attempt is None:
        raise NotFound(what=number)
    if outcome not in contact_rules.OUTCOMES_OF[attempt.channel]:
        possible = "、".join(str(dict(labels.OUTCOMES)[o]) for o in contact_rules.OUTCOMES_OF[attempt.channel])
        raise Invalid(field="outcome", code="outcome_unknown", sentence=_("这种联系的结果只能是：%(possible)s。"), possible=possible)
    verb = "cancel" if outcome == contact_rules.NOT_MADE else "complete"
    CONTACT.require(attempt.status, verb)
    attempt.outcome, attempt.completed_at = outcome, clock.now()
    attempt.save(update_fields=["outcome", "completed_at"])
    moves.move(attempt, CONTACT, verb, by=by)
    return attempt


def block(*, subject: str, reason: str, note: str, on: date, by: Actor) -> ContactBlock:
    """Close the door to a person for a reason; blocking twice for one reason changes nothing."""
    if reason not in contact_rules.BLOCKED_PURPOSES:
        raise Invalid(field="reason_code", code="block_reason_unknown", sentence=_("没有这种限制原因。"))
    locks.hold(f"contact:{subject}")
    standing = ContactBlock.objects.filter(subject_text=subject, reason=reason, lifted_on__isnull=True).first()
    return standing or ContactBlock.objects.create(
        subject_text=subject, reason=reason, note=note, starts_on=on, blocked_by_name=by.name
    )


def lift_block(*, subject: str, reason: str, note: str, on: date, by: Actor) -> ContactBlock:
    """Open the door again; raises NotFound (404) when it is not closed for that reason."""
    standing = ContactBlock.objects.select_for_update().filter(subject_text=subject, reason=reason, lifted_on__isnull=True).first()
    if standing is None:
        raise NotFound(what=dict(labels.BLOCK_REASONS).get(reason, reason))
    standing.lifted_on, standing.lifted_by_name, standing.lift_note = on, by.name, note
    standing.save(update_fields=["lifted_on", "lifted_by_name", "lift_note"])
    return standing
