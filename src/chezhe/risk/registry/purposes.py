"""What models are for. A purpose says which kinds of models serve it, what they may ask for, whom they are watched by, and which one is
shipped; every part of the room that is served by models registers its own at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Protocol

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import Invalid
from chezhe.risk.registry.evidence import Period, Seen

RISK_KINDS: Final = ("scorecard", "boosting")


class Input(Protocol):
    """One input that a model may ask for, as `facts.definitions.FactDefinition` tells it."""

    @property
    def title(self) -> Any: ...

    @property
    def type(self) -> str: ...

    @property
    def values(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Looked:
    """The rows of a period."""

    period: Period
    rows: Sequence[Seen]


@dataclass(frozen=True, slots=True)
class Purpose:
    """`recent` gives those who are scored of late, `matured` those of whom it is known what came (as known at a moment); both take the
    day that is looked from. `derived` are inputs that the model's own answer leads to. `shipped` is the folder of the model that a new
    house starts with, `name` what it is called, `figure` how its answers are compared: points, rate or price.

    A model says in its card what it is for. Of one that does not, `forecasts` are the targets by which it is known to be for this
    purpose (empty: any); where it `must_be_stated`, nothing else tells."""

    code: str
    inputs: Mapping[str, Input]
    recent: Callable[[date], Looked]
    matured: Callable[[date, datetime], Looked]
    kinds: tuple[str, ...] = RISK_KINDS
    derived: tuple[str, ...] = ()
    outcomes_min: str = "MODEL_OUTCOMES_MIN"
    figure: str = "points"
    shipped: Path | None = None
    name: str = ""
    forecasts: tuple[str, ...] = ()
    must_be_stated: bool = False

    @property
    def types(self) -> Mapping[str, str]:
        """The type of each input by its name."""
        return {name: one.type for name, one in self.inputs.items()}


@dataclass(slots=True)
class _Registered:
    by_code: dict[str, Purpose] = field(default_factory=dict)


_registered: Final = _Registered()


def register(purpose: Purpose) -> None:
    """Called once at start-up for each purpose."""
    _registered.by_code[purpose.code] = purpose


def every() -> list[Purpose]:
    """In the order in which they were registered."""
    return list(_registered.by_code.values())


def called(code: str) -> Purpose:
    """Raises Invalid (422) for a purpose that there is not."""
    found = _registered.by_code.get(code)
    if found is None:
        raise Invalid(field="purpose", code="model_purpose", sentence=_("没有这种用途，请从列表中选择。"))
    return found


def input_title(name: str) -> str:
    """What people call an input; a feature made of several keeps its own name."""
    return next((str(one.inputs[name].title) for one in every() if name in one.inputs), name)
