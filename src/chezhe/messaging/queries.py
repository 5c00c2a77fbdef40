"""Reading messages and templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import StatusMove
from chezhe.messaging import rules
from chezhe.messaging.errors import TemplateUnknown
from chezhe.messaging.models import Message, Template


def template(code: str) -> Template:
    """The newest version of a template; raises TemplateUnknown (422)."""
    found = Template.objects.filter(code=code).order_by("-version").first()
    if found is None:
        raise TemplateUnknown(code=code)
    return found


def templates() -> list[Template]:
    """The newest version of every template, by channel and name."""
    newest: dict[str, Template] = {row.code: row for row in Template.objects.order_by("version")}
    return sorted(newest.values(), key=lambda row: (row.channel, row.purpose, row.code))


def preview(row: Template) -> list[tuple[str, str, str]]:
    """(language, heading, text) with sample facts."""
    facts = rules.samples(row.fields)
    english = {name: gettext(value) for name, value in facts.items()}
    return [("zh-hans", row.heading("zh-hans"), row.text(facts, "zh-hans")), ("en", row.heading("en"), row.text(english, "en"))]


def messages(actor: Actor) -> QuerySet[Message]:
    """The messages within the actor's reach."""
    return Message.objects.visible_to(actor).select_related("template", "branch")


def messages_of(subject: str) -> QuerySet[Message]:
    """The messages to one subject; the caller has opened it."""
    return Message.objects.filter(recipient=subject).select_related("template").order_by("-id")


def track(message: Message) -> list[StatusMove]:
    return moves.history(message.subject)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the worker needs to hand over one message."""

    message: Message
    outgoing: rules.Outgoing


def delivery(number: str) -> Delivery | None:
    """The message if it still waits to be handed over, else None."""
    message = Message.objects.select_related("template").filter(number=number, status="queued").first()
    if message is None:
        return None
    template_row: Any = message.template
    outgoing = rules.Outgoing(
        reference=message.number, address=message.address, template_code=f"{template_row.code}.{template_row.version}",
        title=template_row.heading(message.language), text=message.outgoing_text,
    )
    return Delivery(message, outgoing)
