"""People join what no number joins, and part it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import ZERO
from chezhe.kernel import business_date, clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.payments.models import Tally, TallyItem, TallyRefusal
from chezhe.payments.reconciliation import judging


class AccountsDiffer(BusinessError):
    code = "tally_accounts_differ"
    sentence = _("两项不属于同一个银行账户，不能勾对。")


class SameTally(BusinessError):
    code = "tally_same"
    http_status = 422
    sentence = _("不能与自己勾对。")


class NothingJoined(BusinessError):
    code = "tally_not_joined"
    sentence = _("这里只有一项，没有可拆开的勾对。")


def join(first: Tally, second: Tally, *, how: str, by: Actor, confidence: int | None = None, reasons: Iterable[Any] = ()) -> Tally:
    """Make one tally of two that are locked; the older keeps its number, note and owner. Raises SameTally, AccountsDiffer."""
    kept, given_up = sorted((first, second), key=lambda tally: tally.pk)
    if kept.pk == given_up.pk:
        raise SameTally()
    if kept.account != given_up.account:
        raise AccountsDiffer()
    given_up.items.update(tally=kept)
    kept.note = "\n".join(filter(None, (kept.note, given_up.note)))
    kept.owner_id = kept.owner_id or given_up.owner_id
    kept.how, kept.confidence, kept.reasons = how, confidence, list(reasons)
    kept.matched_by_name, kept.matched_at = by.name, clock.now()
    kept.save()
    given_up.delete()
    judging.judge([kept])
    return kept


def part(tally: Tally) -> list[Tally]:
    """Undo a join: items that share a number stay together; where all share one, every item stands alone and loses it.

    Returns the tallies that came of it, the first under the old number. Raises NothingJoined (409).
    """
    items = list(tally.items.order_by("id"))
    if len(items) < 2:
        raise NothingJoined()
    groups = _groups(items)
    if len(groups) == 1:
        groups = [[item] for item in items]
        for item in items:
            item.key = ""
    made = [tally, *(_like(tally) for _group in groups[1:])]
    for holder, group in zip(made, groups, strict=True):
        for item in group:
            item.tally = holder
    TallyItem.objects.bulk_update(items, ["tally", "key"])
    tally.how, tally.confidence, tally.reasons, tally.matched_by_name, tally.matched_at = "", None, [], "", None
    tally.save()
    judging.judge(made)
    return made


def refuse(first: Tally, second: Tally, *, by: Actor) -> None:
    """Never suggest these two for each other again."""
    one, other = sorted(tally.items.order_by("id").values_list("pk", flat=True)[0] for tally in (first, second))
    TallyRefusal.objects.get_or_create(
        first_id=one, second_id=other, defaults={"refused_by_name": by.name, "refused_at": clock.now()}
    )


def _groups(items: list[TallyItem]) -> list[list[TallyItem]]:
    groups: dict[str, list[TallyItem]] = defaultdict(list)
    for item in items:
        groups[item.key or f"item {item.pk}"].append(item)
    return list(groups.values())


def _like(tally: Tally) -> Tally:
    return Tally.objects.create(
        account=tally.account, made_on=business_date.current(), first_on=tally.first_on, last_on=tally.last_on, difference=ZERO
    )
