"""Small values that components draw. A view fills them; a template never has to decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.ui import formats


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a stepper: `state` is done, current, todo, failed or skipped."""

    label: Any
    state: str = "todo"
    hint: Any = ""
    url: str = ""

    @property
    def icon(self) -> str:
        return {"done": "check", "failed": "x", "skipped": "arrow-right"}.get(self.state, "")

    @property
    def said(self) -> str:
        """The state in words, for screen readers."""
        words = {"done": _("已完成"), "current": _("进行中"), "failed": pgettext("step", "未通过"), "skipped": _("已跳过")}
        return words.get(self.state, _("未开始"))


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a timeline or of the activity rail."""

    at: datetime | date | None
    what: Any
    who: str = ""
    detail: Any = ""
    tone: str = "neutral"
    icon: str = "point"
    url: str = ""

    @property
    def when(self) -> str:
        return formats.moment(self.at) if isinstance(self.at, datetime) else formats.day(self.at)


def track_of(moves: Iterable[Any], machine: Any, *, begun: Any, icon: str = "point") -> list[Happening]:
    """The moves of one thing (oldest first), newest first, each by its verb; `begun` names the first, which has no status before."""
    made = [
        Happening(move.moved_at, machine.label(move.verb) if move.status_from else begun, move.actor_name, move.reason, icon=icon)
        for move in moves
    ]
    return made[::-1]



@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line as accountants read it: exactly one of `debit` and `credit` (fen or Money)."""

    account: Any
    debit: Any = None
    credit: Any = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Journal:
    """An entry, booked or only proposed (`is_preview`)."""

    posted_on: date | None
    title: Any
    lines: Sequence[JournalLine]
    reference: str = ""
    reverses: str = ""
    is_preview: bool = False

    @property
    def reversal_words(self) -> str:
        return _("冲正 %(reference)s") % {"reference": self.reverses}

    @property
    def debit_total(self) -> int:
        return sum(formats.fen_of(line.debit) or 0 for line in self.lines)

    @property
    def credit_total(self) -> int:
        return sum(formats.fen_of(line.credit) or 0 for line in self.lines)

    @property
    def is_balanced(self) -> bool:
        return self.debit_total == self.credit_total


@dataclass(frozen=True, slots=True)
class Change:
    """Before and after, already formatted (`formats.money(…)`)."""

    label: Any
    before: Any
    after: Any

    @property
    def is_same(self) -> bool:
        return str(self.before) == str(self.after)


@dataclass(frozen=True, slots=True)
class Job:
    """A long job. `state` is waiting, running, done, failed or cancelled; `eta` is what is left."""

    title: Any
    state: str
    done: int = 0
    total: int = 0
    stage: Any = ""
    eta: timedelta | None = None
    message: Any = ""
    cancel_url: str = ""
    result_url: str = ""
    result_label: Any = ""

    @property
    def percent(self) -> int:
        if self.state == "done":
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")

    @property
    def tone(self) -> str:
        return {"done": "good", "failed": "danger", "cancelled": "neutral"}.get(self.state, "progress")

    @property
    def said(self) -> str:
        return {"waiting": _("排队中"), "running": _("进行中"), "done": _("已完成"), "failed": _("未完成"),
                "cancelled": _("已取消")}[self.state]

    @property
    def eta_text(self) -> str:
        return span(self.eta) if self.eta is not None else ""


@dataclass(frozen=True, slots=True)
class Sla:
    """Time left of a time given: amber with a quarter left, red once it is over. `paused` says why it stands."""

    left: timedelta
    given: timedelta
    paused: Any = ""

    @property
    def percent(self) -> int:
        if self.given <= timedelta(0):
            return 0
        return max(0, min(100, int(self.left * 100 / self.given)))

    @property
    def tone(self) -> str:
        if self.paused:
            return "neutral"
        if self.left < timedelta(0):
            return "danger"
        return "warning" if self.percent <= 25 else "good"

    @property
    def text(self) -> str:
        if self.paused:
            return _("已暂停：%(reason)s") % {"reason": self.paused}
        if self.left < timedelta(0):
            return _("已超时 %(span)s") % {"span": span(-self.left)}
        return _("剩 %(span)s") % {"span": span(self.left)}


def span(length: timedelta) -> str:
    """`2 天 3 小时`, `3 小时 12 分`, `5 分`: the two largest parts."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return _("%(days)s 天 %(hours)s 小时") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)s 小时 %(minutes)s 分") % {"hours": hours, "minutes": rest}
    return _("%(minutes)s 分") % {"minutes": rest}
