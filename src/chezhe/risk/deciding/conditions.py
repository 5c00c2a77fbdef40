"""On what conditions a decision lets a loan be made: how long people have, whether somebody stands surety, what is fitted in the car."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chezhe.risk.deciding import queries, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import LIMITS


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
    """Those that a record tells: what the table of limits said, and the time it leaves."""
    verdict = told["verdict"]
    said = next((dict(stage["outputs"]) for stage in verdict["stages"] if stage["name"] == LIMITS), {})
    return Conditions(
        sla_hours=verdict["terms"]["sla_hours"], guarantor_needed=said.get("guarantor_needed") == "true",
        gps_wired=_count(said, "gps_wired"), gps_wireless=_count(said, "gps_wireless"),
    )


def _count(said: Mapping[str, str], name: str) -> int:
    """A table of somebody's own may leave it out."""
    text = said.get(name, "")
    return int(text) if text.isdecimal() else 0
