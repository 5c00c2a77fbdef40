"""A ring as people look at it: the network chart, who is in it, and what joins them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import labels, permissions, queries, reading
from chezhe.risk.relations.models import BlacklistEntry
from chezhe.ui.charts import Chart, Node, Tie

_KINDS = dict(labels.TRACE_KINDS)
_FAR = 9


def chart_of(ring: queries.SeenRing) -> Chart:
    """People and dealers with the values that join them, in circles around the customer; people out of reach only as counts."""
    levels = _levels(ring)
    nodes = [
        Node(
            one.subject, _name(one), _group(one, ring), reverse("customers:customer", args=[one.number]), levels.get(one.subject, _FAR),
            "danger" if one.subject in ring.bad and one.pk != ring.centre.pk else "",
        )
        for one in ring.people
    ]
    nodes += [
        Node(one.subject, one.name, _("车商"), reverse("channels:dealer", args=[one.number]), levels.get(one.subject, _FAR))
        for one in ring.dealers
    ]
    ties = []
    for value in ring.values:
        nodes.append(Node(value.digest, shown_value(value), family_label(value.family), "", levels.get(value.digest, _FAR)))
        ties += [Tie(carrier, value.digest, kinds_label(value.kinds)) for carrier in value.carriers]
        if value.hidden:
            hidden = f"hidden:{value.digest}"
            said = _("另有 %(count)s 人") % {"count": value.hidden}
            nodes.append(Node(hidden, said, _("范围外"), "", levels.get(value.digest, _FAR) + 1, "faint"))
            ties.append(Tie(value.digest, hidden, ""))
    nodes = _closer(nodes)
    return Chart(
        id="ring", kind="graph", title=_("关联网络"), source=_("关联线索"), nodes=nodes, ties=ties, refreshed_at=ring.at,
        height=460 if len(nodes) < 30 else 640,
    )


def _closer(nodes: list[Node]) -> list[Node]:
    """Those only reached through people out of reach stand one circle outside the others."""
    last = max((node.level for node in nodes if node.level is not None and node.level < _FAR), default=0)
    return [
        replace(node, level=last + 1 + node.level - _FAR) if node.level is not None and node.level >= _FAR else node for node in nodes
    ]


def _levels(ring: queries.SeenRing) -> dict[str, int]:
    """How many ties each point stands away from the centre."""
    levels, frontier, level = {ring.centre.subject: 0}, {ring.centre.subject}, 0
    while frontier:
        level += 1
        reached: set[str] = set()
        for value in ring.values:
            if frontier & set(value.carriers):
                reached.add(value.digest)
            if value.digest in frontier:
                reached |= set(value.carriers)
        frontier = {one for one in reached if one not in levels}
        levels |= dict.fromkeys(frontier, level)
    return levels


def _name(customer: Customer) -> str:
    return f"{customer.masked_name} {customer.number}"


def _group(customer: Customer, ring: queries.SeenRing) -> str:
    if customer.pk == ring.centre.pk:
        return _("本客户")
    return _("有不良的客户") if customer.subject in ring.bad else _("关联客户")


def family_label(family: str) -> str:
    """What kind of tie a value is."""
    return _("人工确认") if family == reading.CONFIRMED else str(_KINDS[family])


def shown_value(value: queries.SeenValue) -> str:
    """A value masked; of a confirmed relation its kind."""
    return kinds_label(value.kinds) if value.family == reading.CONFIRMED else value.masked


def kinds_label(kinds: Iterable[str]) -> str:
    """Under which kinds a value was left."""
    words = _KINDS | dict(labels.RELATION_KINDS)
    return _("、").join(str(words[kind]) for kind in kinds)


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the list of people in a ring."""

    customer: Customer
    url: str
    ties: str
    is_bad: bool


def members_of(ring: queries.SeenRing) -> list[Member]:
    """Who else is in the ring and in reach, nearest first, with what joins them."""
    found = []
    for one in ring.people:
        if one.pk != ring.centre.pk:
            ties = [
                f"{family_label(v.family)} {shown_value(v)}" if v.family != reading.CONFIRMED else shown_value(v)
                for v in ring.values if one.subject in v.carriers
            ]
            url = reverse("customers:customer", args=[one.number])
            found.append(Member(one, url, _("；").join(ties), one.subject in ring.bad))
    return found


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A blacklist entry met, told without who else it concerns: only its kind, our own value, and the class of reason."""

    kind: Any
    masked: str
    reason: Any
    url: str


def hits_of(entries: Iterable[BlacklistEntry], by: Actor) -> list[ShownHit]:
    """What may be told of the entries: the page of an entry opens only for who may read the list."""
    can_open = by.can(permissions.VIEW_BLACKLIST.code)
    return [
        ShownHit(
            entry.get_kind_display(), entry.masked, entry.get_reason_code_display(),
            reverse("risk:blacklist_entry", args=[entry.number]) if can_open else "",
        )
        for entry in entries
    ]
