"""View-models of a takeover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chezhe.finmath.money import Money
from chezhe.kernel import moves
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.pages import Journal
from chezhe.ledger.vocabulary import event_label
from chezhe.servicing import postings, takeovers
from chezhe.servicing import steps as servicing_steps
from chezhe.servicing.position import TakenOver
from chezhe.takeover import books, reconciling, totals
from chezhe.takeover.models import TakenLoan, Takeover, TakeoverFault
from chezhe.takeover.states import TAKEOVER
from chezhe.takeover.vocabulary import FIGURES, fault_sentence, why
from chezhe.ui import parts
from chezhe.ui.parts import Happening, Job, Step

TRAIL = [(gettext_lazy("还款与账务"), "")]
FAULTS_SHOWN = 100
_ORDER = ("collecting", "tried", "submitted", "taking", "taken")


def trail(book: Takeover, *, above: bool = False) -> list[tuple[Any, str]]:
    """Where the page of a takeover stands, or (`above`) what stands above a list of it."""
    url = reverse("takeover:book", args=[book.number]) if above else ""
    return [*TRAIL, (pgettext("book", "存量迁入"), reverse("takeover:books")), (book.number, url)]


def steps_of(book: Takeover) -> list[Step]:
    """Files → totals → second person → taking → done."""
    words = {
        "collecting": _("上传并试算"), "tried": _("核对控制总数"), "submitted": _("第二人复核"), "taking": _("分批迁入"),
        "taken": _("对账与资金来源"),
    }
    place = {"trying": "collecting", "faulty": "collecting"}.get(book.status, book.status)
    if place == "discarded":
        return [Step(words[key], "skipped") for key in _ORDER]
    at = _ORDER.index(place)
    states = ["done" if here < at else "current" if here == at else "todo" for here in range(len(_ORDER))]
    if book.status == "faulty":
        states[0] = "failed"
    return [Step(words[key], state) for key, state in zip(_ORDER, states, strict=True)]


def job_of(book: Takeover) -> Job:
    """The trial or the taking as a progress card."""
    if book.status == "trying":
        stage = _("正在逐行核对并试排每笔贷款，不写入任何业务数据")
        return Job(title=pgettext("takeover", "试算"), state="running", done=0, total=1, stage=stage)
    done = book.done.filter(attempt=book.attempt).count()
    is_over = book.status != "taking"
    return Job(title=_("分批迁入"), state="done" if is_over else "running", done=done, total=max(1, book.chunks),
               stage=_("每批一次写入，中断后从未完成的批次继续"))


@dataclass(frozen=True, slots=True)
class ShownFault:
    """A fault with its place and its sentence."""

    row: TakeoverFault
    sentence: str


def faults_of(book: Takeover) -> list[ShownFault]:
    """The first faults of the trial, in words."""
    return [ShownFault(one, sentence_of(one)) for one in book.faults.all()[:FAULTS_SHOWN]]


def sentence_of(one: TakeoverFault) -> str:
    """A fault as a whole sentence."""
    return fault_sentence(one.sheet, one.row, one.column, one.given, why(one.code, one.facts))


def reason_of(row: TakenLoan) -> str:
    """Why a loan did not come; empty for one that did."""
    if row.status != "failed":
        return ""
    said = why(row.code, row.facts)
    sheet, column = str(row.facts.get("sheet", "loans")), str(row.facts.get("column", ""))
    return fault_sentence(sheet, int(row.facts.get("row", row.row)), column, str(row.facts.get("given", "")), said)


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A figure that does not agree: amounts as Money, counts as numbers."""

    branch: str
    product: str
    figure: Any
    found: Any
    stated: Any
    difference: Any
    is_count: bool


def differences_of(book: Takeover) -> list[DifferenceRow]:
    """What the person still has to clear up, once something was stated."""
    if not book.stated:
        return []
    return [_difference(one) for one in books.differences_of(book)]


def _difference(one: totals.Difference) -> DifferenceRow:
    branch, _bar, product = one.key.partition("|")
    is_count = one.figure == totals.COUNT
    shown = [one.found, one.stated, one.found - one.stated]
    found, stated, difference = shown if is_count else [Money(fen) for fen in shown]
    return DifferenceRow(branch, product, FIGURES[one.figure], found, stated, difference, is_count)


def totals_of(book: Takeover) -> list[tuple[str, str, int, list[Money]]]:
    """Agreed totals by branch and product."""
    rows = []
    for key, figures in book.found.items():
        branch, _bar, product = key.partition("|")
        rows.append((branch, product, figures[totals.COUNT], [Money(figures[name]) for name in totals.FIGURES[1:]]))
    return rows


def journal_of(book: Takeover) -> Journal | None:
    """What letting it go would book in all, once the totals agree; interest that stands too late or is not due is known loan by loan."""
    if book.status not in ("tried", "submitted") or not book.stated or books.differences_of(book):
        return None
    sums = totals.summed(book.found)
    taken = TakenOver(on=book.as_of, principal_fen=sums["principal"], interest_fen=sums["interest"], fee_fen=sums["fee"],
                      unapplied_fen=sums["unapplied"], deposit_fen=sums["deposit"])
    on = servicing_steps.booking_day(book.as_of)
    return ledger_pages.preview(on, event_label(takeovers.EVENT), postings.for_taken_over(taken, book.subject))


def compared_of(book: Takeover) -> list[tuple[Any, reconciling.Compared]]:
    """Old system, loans and ledger by item."""
    return [(FIGURES[one.item], one) for one in reconciling.compared(book)]


def track_of(book: Takeover) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(book.subject), TAKEOVER, begun=_("发起"), icon="flag")
