"""What waits for an actor, and what an actor means by a few typed characters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals.models import ApprovalRequest
from chezhe.channels import queries as channels
from chezhe.customers import queries as customers
from chezhe.customers.models import Customer
from chezhe.customers.values import Hit
from chezhe.identifiers import numbers as own_numbers
from chezhe.identifiers.text import clean
from chezhe.kernel import clock, numbers, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.leads import queries as leads
from chezhe.ledger import queries as ledger
from chezhe.ui import navigation
from chezhe.vehicles import queries as vehicles
from chezhe.vehicles.models import Vehicle
from chezhe.workbench.values import Answer, Card, Group, Line, TaskList

URGENT_MAX = 3
TODAY_MAX = 8
TASKS_MAX = 100
HITS_MAX = 6
TEXT_MAX = 80
_NO_LIMIT = datetime.max.replace(tzinfo=clock.SHANGHAI)


def cards(actor: Actor, at: datetime, lines_max: int = URGENT_MAX) -> list[Card]:
    """Every kind of work the actor may do, the ones with something waiting first; a few small questions a kind."""
    made = [_card(pile, actor, at, lines_max) for pile in _piles(actor)]
    return sorted(made, key=lambda card: card.count == 0)


def _piles(actor: Actor) -> list[worklist.Pile]:
    """As in the rail, work whose page is not part of this installation is left out."""
    return [pile for pile in worklist.piles_for(actor) if navigation.url_or_none(pile.url_name)]


def _card(pile: worklist.Pile, actor: Actor, at: datetime, lines_max: int) -> Card:
    count = pile.count(actor)
    lines = [Line(waiting, at, pile.label, pile.verb) for waiting in (pile.first(actor, lines_max) if count else [])]
    late = pile.late(actor, at) if pile.late and count else 0
    url = reverse(pile.url_name) + (f"?{pile.query}" if pile.query else "")
    return Card(pile.key, pile.label, pile.verb, pile.icon, count, late, url, lines)


def count_waiting(actor: Actor) -> int:
    """The number beside the bell, which is the length of the task list."""
    return sum(pile.count(actor) for pile in _piles(actor))


def tasks(actor: Actor, at: datetime, kind: str = "", *, only_late: bool = False) -> TaskList:
    """One list of all that waits, the latest first: past its time, then by time limit, then by how long it waits."""
    found = [card for card in cards(actor, at, TASKS_MAX) if card.count]
    chosen = [card for card in found if kind in ("", card.key)]
    lines = [line for card in chosen for line in card.lines if line.is_late or not only_late]
    lines.sort(key=lambda line: (line.waiting.due_at or _NO_LIMIT, line.waiting.since_at or _NO_LIMIT))
    hidden = sum(card.count - len(card.lines) for card in chosen)
    return TaskList(found, lines, sum(card.count for card in found), sum(card.late for card in found), hidden)


def due_today(made: Iterable[Card], at: datetime) -> list[Line]:
    """What should be done before the day ends, across the cards."""
    evening = at.astimezone(clock.SHANGHAI).replace(hour=23, minute=59, second=59)
    lines = [line for card in made for line in card.lines if line.waiting.due_at is not None and line.waiting.due_at <= evening]
    return sorted(lines, key=lambda line: line.waiting.due_at or _NO_LIMIT)[:TODAY_MAX]


def visited(actor: Actor, numbers_seen: Iterable[str]) -> list[Hit]:
    """Pages by their numbers, as far as they exist and would still open for the actor."""
    return [hit for number in numbers_seen for hit in _numbered(actor, number[:TEXT_MAX])]


def search(actor: Actor, text: str) -> Answer:
    """Everything in the actor's reach that the text can mean, by kind; masked; asks the database a bounded number of times."""
    words = clean(text)[:TEXT_MAX]
    if not words:
        return Answer("", [])
    found = [
        Group("customers", _("客户"), icon="user", hits=_customers(actor, words)),
        Group("vehicles", _("车辆"), icon="car", hits=vehicles.search(actor, words, HITS_MAX)),
        Group("leads", _("线索"), icon="address-book", hits=leads.search(actor, words, HITS_MAX)),
        Group("dealers", _("车商与渠道"), icon="building-store", hits=channels.search(actor, words, HITS_MAX)),
    ]
    known = {hit.url for group in found for hit in group.hits}
    found.insert(0, Group("numbers", _("编号"), icon="hash", hits=[h for h in _numbered(actor, words) if h.url not in known]))
    found.append(Group("pages", _("页面"), icon="layout-list", hits=_pages(actor, words)))
    return Answer(words, [group for group in found if group.hits], _misread(words))


def _customers(actor: Actor, words: str) -> list[Hit]:
    """By what the customer's own file says, then by a vehicle the customer owns."""
    found = customers.search(actor, words, HITS_MAX)
    if len(found) < HITS_MAX and actor.can("customers.view") and actor.can("vehicles.view"):
        owned = vehicles.narrowed(Vehicle.objects.visible_to(actor), words).order_by("-id").values("owner_id")[:HITS_MAX]
        owners = Customer.objects.visible_to(actor).filter(pk__in=owned).prefetch_related("mobiles").order_by("-id")
        known = {hit.number for hit in found}
        found += [customers.hit(owner) for owner in owners if owner.number not in known]
    return found[:HITS_MAX]


def _numbered(actor: Actor, words: str) -> list[Hit]:
    """The one thing that carries this number, whatever it is, if its page would open for the actor."""
    number = own_numbers.normalise(words)
    judged = own_numbers.judge(number)
    if not judged.valid or judged.prefix not in numbers.PREFIXES:
        return []
    try:
        subject = _open(numbers.PREFIXES[judged.prefix].replace(" ", "_"), actor, number)
    except NotFound:
        return []
    return [Hit(subject.kind, number, str(subject.label), "", subject.url)] if _opens(subject.url, actor) else []


def _open(kind: str, actor: Actor, number: str) -> Subject:
    opener = _UNOPENED.get(kind)
    return opener(actor, number) if opener else subjects.open_subject(f"{kind}:{number}", actor)


def _approval(actor: Actor, number: str) -> Subject:
    request = ApprovalRequest.objects.visible_to(actor).fetch(number)
    return Subject(f"approval_request:{number}", request.title, reverse("approvals:request", args=[number]))


def _entry(actor: Actor, number: str) -> Subject:
    entry = ledger.entry_called(number, actor)
    return Subject(f"journal_entry:{number}", entry.memo or number, reverse("ledger:entry", args=[number]))


# Numbered, with a page of their own, but no subject that papers or consents could hang on.
_UNOPENED: dict[str, Callable[[Actor, str], Subject]] = {"approval_request": _approval, "journal_entry": _entry}


def _opens(url: str, actor: Actor) -> bool:
    """Whether the door behind the address would let the actor in; a door that asks nothing is not trusted."""
    try:
        guard: Any = getattr(resolve(url).func, "needs", None)
    except Resolver404:
        return False
    return guard is not None and actor.can(guard.code)


def _pages(actor: Actor, words: str) -> list[Hit]:
    """Pages of the rail and creating pages whose name holds what was typed."""
    wanted = words.casefold()
    rail = [(link, group.label) for group in navigation.items_for(actor) for link in group.items]
    named = [*rail, *((link, _("快捷新增")) for link in navigation.quick_for(actor))]
    found = [Hit("page", "", str(link.label), str(place), link.url) for link, place in named if wanted in str(link.label).casefold()]
    return found[:HITS_MAX]


def _misread(words: str) -> str:
    """A number of a known kind that was copied wrongly; empty otherwise."""
    judged = own_numbers.judge(own_numbers.normalise(words))
    return judged.number if judged.prefix in numbers.PREFIXES and not judged.valid else ""
