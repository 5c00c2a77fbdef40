"""Declaring an interest, and ending one."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import conflicts, handling, permissions
from chezhe.approvals.choices import INTERESTS
from chezhe.approvals.models import INTEREST_PREFIX, Interest
from chezhe.kernel import clock, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound, SamePerson
from chezhe.staff.models import User

SUBJECTS = ("customer", "dealer")


class InterestKnown(BusinessError):
    code = "interest_known"
    field = "subject"
    sentence = _("这项利益关系已经登记过。")


class InterestOver(BusinessError):
    code = "interest_over"
    sentence = _("这项利益关系已于 %(on)s 终止。")


def declare(subject: str, kind: str, words: str, username: str, on: date, by: Actor) -> Interest:
    """Write it down. Raises Invalid (422), NotFound for a subject out of reach as Invalid beside the field, InterestKnown (409)."""
    if kind not in INTERESTS:
        raise Invalid(field="kind", code="interest_unknown", sentence=_("没有这类关系，请从列表中选择。"))
    text = _subject(subject)
    try:
        label = conflicts.label_of(text, by)
    except NotFound:
        raise Invalid(field="subject", code="subject_unknown", sentence=_("没有这位客户或车商，或您看不到，请核对编号。")) from None
    interest = Interest(
        number=numbers.next_number(INTEREST_PREFIX, on), user=_whose(username, by), subject_text=text, subject_label=label[:120],
        kind=kind, words=words.strip()[: handling.WORDS_MAX], starts_on=on, declared_by_name=by.name, declared_at=clock.now(),
    )
    try:
        with transaction.atomic():
            interest.save(force_insert=True)
    except IntegrityError:
        raise InterestKnown() from None
    return interest


def _subject(text: str) -> str:
    """`customer:C26-…` or `dealer:D26-…`; a bare number is looked for among both by its letter."""
    text = text.strip()
    kind, colon, number = text.partition(":")
    if colon:
        return text if kind in SUBJECTS else ""
    return f"{'dealer' if text.upper().startswith('D') else 'customer'}:{text.upper()}"


def _whose(username: str, by: Actor) -> User:
    """Oneself; a colleague only for whoever watches over interests."""
    wanted = username.strip().lower()
    mine = User.objects.filter(pk=by.user_id).first()
    if mine is not None and wanted in ("", mine.username):
        return mine
    found = User.objects.filter(username=wanted).first() if by.can(permissions.SEE_INTERESTS.code) else None
    if found is None:
        raise Invalid(field="username", code="interest_of_whom", sentence=_("只能申报本人的利益关系；合规可代同事登记。"))
    return found


def end(number: str, reason: str, on: date, by: Actor) -> Interest:
    """From this day on it counts no more. Raises SamePerson (409) for one's own, InterestOver (409) for one that has ended."""
    words = handling.require_words(reason)
    interest = Interest.objects.visible_to(by).lock(number)
    if interest.user_id in by.user_ids:
        raise SamePerson(name=by.name, verb=_("终止利益关系"))
    if interest.ends_on is not None:
        raise InterestOver(on=interest.ends_on)
    interest.ends_on, interest.ended_by_name, interest.end_reason = on, by.name, words
    interest.save(update_fields=["ends_on", "ended_by_name", "end_reason"])
    return interest
