"""A page about one thing of the collateral: its facts, what may be done with it, and its track."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from chezhe.ui import forms
from chezhe.ui.parts import Happening, Step
from chezhe.ui.status import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line: a value with its hint, a link or a tag."""

    label: Any
    value: Any = ""
    hint: Any = ""
    url: str = ""
    tag: Status | None = None
    is_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that may be done now: a form and where it goes."""

    key: str
    label: Any
    url: str
    form: forms.Form
    danger: str = ""

    def __post_init__(self) -> None:
        # Several forms of a page ask for the same: each field has an id of its own.
        self.form.auto_id = f"id_{self.key}_%s"


@dataclass(kw_only=True)
class Thing:
    """What a page of one thing shows."""

    title: Any
    code: str
    status: Status
    trail: Sequence[tuple[Any, str]]
    facts: Sequence[Fact]
    subtitle: Any = ""
    deeds: Sequence[Deed] = ()
    links: Sequence[tuple[Any, str, str]] = ()
    track: Sequence[Happening] = ()
    steps: Sequence[Step] = ()
    warning: Any = ""
    template: str = "contracts/thing.html"
    extra: dict[str, Any] = field(default_factory=dict)

    def shown(self, request: HttpRequest, refused: forms.Form | None = None) -> HttpResponse:
        """The page; `refused` is a form that did not go through, shown above when it is not possible any more."""
        is_gone = refused is not None and refused not in [deed.form for deed in self.deeds]
        context = {"thing": self, "gone": refused if is_gone else None, **self.extra}
        return render(request, self.template, context, status=422 if refused is not None else 200)


def carry_out(
    request: HttpRequest, form: forms.Form, act: Callable[[], object], *, done: Any, to: tuple[str, str], show: Callable[[], HttpResponse]
) -> HttpResponse:
    """Act, say so and go on; or the page again, with what is wrong beside its field."""
    if form.carries_out(act):
        messages.success(request, done)
        return redirect(reverse(to[0], args=[to[1]]))
    return show()
