"""How the editor writes down the order in which each kind of money settles what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.finmath.allocation import COST_FIRST, PRINCIPAL_FIRST, AllocationChoice, AllocationMode, AllocationRule, Item, TransactionKind
from chezhe.products import labels
from chezhe.products.rules import ProductTerms
from chezhe.ui import forms

SAME = "same"
INTEREST_FIRST = (Item.INTEREST, Item.PRINCIPAL, Item.FEE, Item.PENALTY, Item.COMPOUND)
NAMED = {"cost_first": COST_FIRST, "principal_first": PRINCIPAL_FIRST, "interest_first": INTEREST_FIRST}
PARTS = ("order", "mode", "late_after", "late_order")


def words(order: tuple[Item, ...]) -> str:
    """An order for people: 费用→罚息→复利→利息→本金."""
    return "→".join(str(labels.ITEMS[item]) for item in order)


def name_of(order: tuple[Item, ...] | None) -> str:
    """The order's name in the form; of one that was written over REST its items."""
    named = {items: name for name, items in NAMED.items()}
    return "" if order is None else named.get(order, ",".join(order))


def fields_of(kind: TransactionKind, rule: AllocationRule | None) -> dict[str, Any]:
    """The fields for one kind of money; an order that has no name is offered as it stands."""
    standing = {name_of(order): order for order in (rule.order, rule.late_order) if order} if rule else {}
    orders = [(name, words(order)) for name, order in (NAMED | standing).items()]
    same = [] if kind is TransactionKind.REPAYMENT else [(SAME, _("与还款相同"))]
    modes = [(mode.value, text) for mode, text in labels.ALLOCATION_MODES.items()]
    first = orders[0][0] if kind is TransactionKind.REPAYMENT else SAME
    return {
        f"{kind.value}_order": forms.ChoiceField(label=_("顺序"), choices=[*same, *orders], initial=first),
        f"{kind.value}_mode": forms.ChoiceField(
            label=pgettext_lazy("allocation", "方式"), choices=modes, initial=AllocationMode.BY_INSTALMENT.value),
        f"{kind.value}_late_after": forms.WholeField(label=_("逾期多少天后改序"), unit=_("天"), min_value=1, max_value=720, required=False),
        f"{kind.value}_late_order": forms.ChoiceField(label=_("改为"), choices=orders, initial="principal_first", required=False),
    }


def initial_of(terms: ProductTerms) -> dict[str, Any]:
    """What the fields hold for these terms."""
    found: dict[str, Any] = {f"{kind.value}_order": SAME for kind in TransactionKind}
    for choice in terms.allocations:
        rule, kind = choice.rule, choice.kind.value
        found |= {f"{kind}_order": name_of(rule.order), f"{kind}_mode": rule.mode.value, f"{kind}_late_after": rule.late_after_days}
        found |= {f"{kind}_late_order": name_of(rule.late_order)} if rule.late_order else {}
    return found


def choices_of(values: Mapping[str, Any]) -> tuple[AllocationChoice, ...]:
    """The choices from cleaned form data; a kind that goes as repayments do has none of its own."""
    return tuple(
        AllocationChoice(kind=kind, rule=_rule(kind.value, values))
        for kind in TransactionKind if values[f"{kind.value}_order"] != SAME
    )


def _rule(kind: str, values: Mapping[str, Any]) -> AllocationRule:
    late = values[f"{kind}_late_after"] or None
    return AllocationRule(
        order=_order(values[f"{kind}_order"]), mode=AllocationMode(values[f"{kind}_mode"]), late_after_days=late,
        late_order=_order(values[f"{kind}_late_order"] or "principal_first") if late else None,
    )


def _order(name: str) -> tuple[Item, ...]:
    return NAMED[name] if name in NAMED else tuple(Item(part) for part in name.split(","))
