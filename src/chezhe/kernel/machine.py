"""A state machine as a table of moves: what somebody decided, never what the calendar says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chezhe.kernel.errors import WrongState


@dataclass(frozen=True, slots=True)
class Machine:
    """`moves` maps (status, verb) to the next status; `labels` name statuses and verbs for people."""

    subject: Any
    moves: Mapping[tuple[str, str], str]
    labels: Mapping[str, Any]

    def require(self, status: str, verb: str) -> str:
        """The status after `verb`; raises WrongState (409) naming what is possible instead."""
        if (status, verb) not in self.moves:
            possible = "、".join(self.label(v) for v in self.verbs(status)) or "—"
            raise WrongState(
                subject=self.subject, status=self.label(status), verb=self.label(verb), possible=possible
            )
        return self.moves[status, verb]

    def verbs(self, status: str) -> list[str]:
        """What may be done now: the buttons of the page."""
        return [verb for (at, verb) in self.moves if at == status]

    def allows(self, status: str, verb: str) -> bool:
        return (status, verb) in self.moves

    @property
    def statuses(self) -> list[str]:
        return list(dict.fromkeys(s for (at, _), to in self.moves.items() for s in (at, to)))

    def choices(self) -> list[tuple[str, Any]]:
        return [(status, self.labels.get(status, status)) for status in self.statuses]

    def label(self, word: str) -> str:
        return str(self.labels.get(word, word))

    def mermaid(self) -> str:
        """The machine's own drawing, for the documentation."""
        lines = [f"  {at} --> {to}: {verb}" for (at, verb), to in self.moves.items()]
        return "\n".join(["stateDiagram-v2", *lines])


def machine(subject: Any, moves: Iterable[tuple[str, str, str]], labels: Mapping[str, Any]) -> Machine:
    """Build from rows `(status, verb, next_status)`; two rows for one (status, verb) are a bug."""
    table: dict[tuple[str, str], str] = {}
    for at, verb, to in moves:
        if (at, verb) in table:
            raise ValueError(f"two moves for {at}/{verb}")
        table[at, verb] = to
    return Machine(subject, table, labels)
