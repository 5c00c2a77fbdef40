"""The purposes that decisions ask for: one model for people, one for companies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_noop

from chezhe.risk.deciding.champion import SHIPPED
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.registry import evidence, purposes
from chezhe.risk.registry.purposes import Looked, Purpose

# What a decision finds by the score cannot be what the score is found by.
DERIVED: Final = ("score", "tier", "exceptions")
NAME: Final = gettext_noop("随系统提供的评分卡")


def register() -> None:
    """Called once at start-up."""
    purposes.register(_purpose("person"))
    purposes.register(_purpose("company"))


def _purpose(kind: str) -> Purpose:
    def recent(on: date) -> Looked:
        period = evidence.recent(on)
        return Looked(period, evidence.applicants(kind, period))

    def matured(on: date, known_at: datetime) -> Looked:
        period = evidence.matured(on)
        return Looked(period, evidence.borrowers(kind, period, known_at))

    is_shipped = kind == "person"
    return Purpose(
        code=kind, inputs=CATALOGUE, recent=recent, matured=matured, derived=DERIVED, shipped=SHIPPED if is_shipped else None,
        name=NAME if is_shipped else "", must_be_stated=not is_shipped)
