"""View-models of asset quality."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import moves
from chezhe.kernel.parameters import ParameterMissing
from chezhe.servicing.models import Loan
from chezhe.servicing.quality import grading
from chezhe.servicing.quality.grading import Quality
from chezhe.servicing.quality.models import ASSET_CLASSES, STAGES, ClassDowngrade, ProvisionLine
from chezhe.servicing.quality.rules import CLASSES, REASONS
from chezhe.servicing.states import DOWNGRADE, ON_BOOKS
from chezhe.ui import parts
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

CLASS_STATUSES = {
    code: Status(label, tone) for (code, label), tone in zip(ASSET_CLASSES, ("good", "info", "warning", "danger", "danger"), strict=True)
}
STAGE_STATUSES = {stage: Status(label, tone) for (stage, label), tone in zip(STAGES, ("good", "warning", "danger"), strict=True)}
DOWNGRADE_STATUSES = {
    "standing": Status(DOWNGRADE.labels["standing"], "warning"), "lift_asked": Status(DOWNGRADE.labels["lift_asked"], "progress"),
    "lifted": Status(DOWNGRADE.labels["lifted"], "neutral"),
}
REASON_LABELS = {
    "dpd": gettext_lazy("逾期天数"), "by_hand": gettext_lazy("人工下调"), "observation": gettext_lazy("重组或展期观察"),
    "upgrade": gettext_lazy("曾为不良，还清后观察未满"), "customer": gettext_lazy("同一客户的其他贷款"),
    "impairment": gettext_lazy("预期损失过大"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for a class: what it is, the class it gives, and whether it is the one that counts."""

    label: Any
    status: Status
    decides: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a loan stands on the business date; `line` is what the last posted provision found of it."""

    quality: Quality | None
    status: Status
    stage: Status | None
    reasons: list[Why]
    line: ProvisionLine | None = None


class ClassesToday:
    """The classes of the loans of one page of a list, all read together by the rule of `standing_of`."""

    def __init__(self, today: date) -> None:
        self._today, self._found = today, dict[int, str]()

    def gather(self, loans: Sequence[Loan]) -> None:
        """The rows that are shown; a house without figures of classification has no classes."""
        customers = {loan.customer_id for loan in loans if loan.status in ON_BOOKS}
        try:
            graded = grading.grade_customers(sorted(customers), self._today) if customers else None
        except ParameterMissing:
            graded = None
        self._found = {pk: found.asset_class.value for pk, found in grading.qualities(graded).items()} if graded else {}

    def of(self, loan: Loan) -> str | None:
        """The code of one of them; None for a loan that does not run any more."""
        return self._found.get(loan.pk) if loan.status in ON_BOOKS else None


def standing_of(loan: Loan, today: date) -> Standing:
    """The class and stage now; a loan that does not run has none."""
    quality = grading.quality_of(loan, today)
    if quality is None:
        return Standing(None, Status(_("不再分类"), "neutral"), None, [])
    return Standing(quality, CLASS_STATUSES[quality.asset_class.value], STAGE_STATUSES[quality.stage], reasons_of(quality))


def reasons_of(quality: Quality) -> list[Why]:
    """Each reason that gives a class, in the order of the rules."""
    return [
        Why(REASON_LABELS[reason], CLASS_STATUSES[found.value], found == quality.asset_class) for reason, found in quality.reasons
    ]


def said_reasons(line: ProvisionLine) -> str:
    """The reasons that made the class of a line, in words."""
    given = [reason for reason, at in zip(REASONS, line.grades, strict=True) if at and CLASSES[at].value == line.asset_class]
    return "、".join(str(REASON_LABELS[reason]) for reason in given)


def last_line(loan: Loan) -> ProvisionLine | None:
    """What the last posted run found of a loan."""
    return loan.provision_lines.filter(run__status="posted").select_related("run").order_by("-run__as_of").first()


def track_of(downgrade: ClassDowngrade) -> list[Happening]:
    """Every move of a downgrade, newest first."""
    return parts.track_of(moves.history(downgrade.subject), DOWNGRADE, begun=_("下调"), icon="flag")
