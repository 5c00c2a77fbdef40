"""What lies behind a subject text such as `customer:C26-000123-7`.

Rooms that keep things about any subject (documents, consents, approvals) know it only as text. The room that owns
the kind says here how to open it for an actor, so that nobody reaches a file through a subject out of scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class Subject:
    """`text` is `kind:number`; `label` is for the screen (masked); `branch_id` and `owner_id` say where it belongs."""

    text: str
    label: Any
    url: str = ""
    branch_id: int | None = None
    owner_id: int | None = None

    @property
    def kind(self) -> str:
        return self.text.partition(":")[0]

    @property
    def number(self) -> str:
        return self.text.partition(":")[2]


Opener = Callable[[Actor, str], Subject]
_openers: dict[str, Opener] = {}


def register(kind: str, opener: Opener) -> None:
    """`opener(actor, number)` gives the Subject or raises NotFound (404), also for what is out of scope.

    Call it in `AppConfig.ready`; registering a kind again replaces it.
    """
    _openers[kind] = opener


def open_subject(text: str, actor: Actor) -> Subject:
    """The subject if it exists and the actor may see it; raises NotFound (404) otherwise."""
    kind, _, number = text.partition(":")
    opener = _openers.get(kind)
    if opener is None or not number:
        raise NotFound(what=text)
    return opener(actor, number)
