"""On what conditions a decision lets a loan be made: how long people have, whether somebody stands surety, what is fitted in the car."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from chezhe.kernel.errors import NotFound
from chezhe.risk.deciding import queries, replaying, tables
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import LIMITS

GUARANTOR, WIRED, WIRELESS = "guarantor_needed", "gps_wired", "gps_wireless"
HEADINGS = (GUARANTOR, WIRED, WIRELESS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """`sla_hours` is None where no table said how long. GPS devices are counted by kind."""

    sla_hours: int | None = None
    guarantor_needed: bool = False
    gps_wired: int = 0
    gps_wireless: int = 0

    @property
    def words(self) -> list[str]:
        """What has to be done before money leaves, as staff read it."""
        said = [(self.guarantor_needed, _("须有担保人")), (self.gps_wired, _("安装有线 GPS %(count)s 台") % {"count": self.gps_wired}),
                (self.gps_wireless, _("安装无线 GPS %(count)s 台") % {"count": self.gps_wireless})]
        return [words for applies, words in said if applies]


def of_subject(subject: str) -> Conditions:
    """Those of the last decision about a subject; none without a decision. Raises Altered (409)."""
    decision = queries.latest(subject)
    return Conditions() if decision is None else of(decision)


def of(decision: Decision) -> Conditions:
    """Those of one decision. Raises Altered (409) for a record that is no longer as it was written."""
    return in_record(replaying.told(decision))


def in_record(told: Mapping[str, Any]) -> Conditions:
    """Those that a record tells: what the table of limits said, and the time it leaves. A table that could not answer, for want of a
    score or of a fact, asks for the most that any of its rows does: people may agree, but on no easier conditions than its hardest case."""
    verdict = told["verdict"]
    stage = next((stage for stage in verdict["stages"] if stage["name"] == LIMITS), None)
    said = dict(stage["outputs"]) if stage is not None else {}
    if not said:
        return replace(_hardest(told), sla_hours=verdict["terms"]["sla_hours"])
    return Conditions(
        sla_hours=verdict["terms"]["sla_hours"], guarantor_needed=said.get(GUARANTOR) == "true", gps_wired=_count(said, WIRED),
        gps_wireless=_count(said, WIRELESS),
    )


def _hardest(told: Mapping[str, Any]) -> Conditions:
    """The most that the rows of the record's own table of limits ask for; nothing where no table was published."""
    kept = told["policies"].get(LIMITS)
    if kept is None:
        return Conditions()
    try:
        table = replaying.table_called(kept["hash"]).table
    except NotFound:
        return Conditions(guarantor_needed=True)  # what it asked for cannot be read any more
    asked = tables.answers(table)
    return Conditions(
        # A cell that is worked out may come to a yes.
        guarantor_needed=any(cell not in ("", "-", "null", "false") for cell in asked.get(GUARANTOR, ())),
        gps_wired=max(map(_whole, asked.get(WIRED, ())), default=0), gps_wireless=max(map(_whole, asked.get(WIRELESS, ())), default=0),
    )


def _count(said: Mapping[str, str], name: str) -> int:
    """A table of somebody's own may leave it out."""
    return _whole(said.get(name, ""))


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
