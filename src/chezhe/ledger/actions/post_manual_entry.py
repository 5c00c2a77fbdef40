"""Propose an entry that no business event makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.finmath.transfers import Transfer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.ledger import permissions, steps
from chezhe.ledger.models import ManualEntry

MEMO_MAX = 500


@action(permissions.POST_MANUAL_ENTRY)
def post_manual_entry(
    *, posted_on: date, memo: str, transfers: Sequence[Transfer], business_date: date, by: Actor,
) -> ManualEntry:
    """Propose an entry; it is written into the books when another member of finance agrees.

    Everything that would refuse the posting refuses the proposal already: unknown, inactive or mixed accounts, a
    closed month, an empty entry. Raises Invalid (422) without a memo or for a day after the business date.
    """
    _check_words(memo, posted_on, business_date)
    return steps.propose(
        title=_("手工分录 %(number)s"), posted_on=posted_on, memo=memo.strip(), transfers=tuple(transfers),
        business_date=business_date, by=by,
    )


def _check_words(memo: str, posted_on: date, business_date: date) -> None:
    if not 2 <= len(memo.strip()) <= MEMO_MAX:
        raise Invalid(field="memo", code="memo_missing", sentence=gettext_lazy("请写明摘要（2 至 500 个字）。"))
    if posted_on > business_date:
        sentence = gettext_lazy("记账日期不能晚于业务日期 %(day)s。")
        raise Invalid(field="posted_on", code="posted_on_ahead", sentence=sentence, day=business_date)
