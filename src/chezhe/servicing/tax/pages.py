"""View-models of a month's VAT."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import clock, moves
from chezhe.kernel.actor import Actor
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.vocabulary import event_label
from chezhe.products.models import Product
from chezhe.servicing import monthly, steps
from chezhe.servicing.states import COMPUTED_OPEN
from chezhe.servicing.tax import reading, rules, runs
from chezhe.servicing.tax.models import TAXPAYERS, VatLine, VatRun
from chezhe.servicing.tax.reading import Key
from chezhe.servicing.tax.rules import ITEMS, TaxItem
from chezhe.servicing.tax.states import VAT
from chezhe.staff.models import Branch
from chezhe.ui import exports, formats, parts
from chezhe.ui.columns import Column
from chezhe.ui.parts import Happening, Job, Journal
from chezhe.ui.status import Status

RUN_STATUSES = {
    "computing": Status(VAT.labels["computing"], "progress"), "computed": Status(VAT.labels["computed"], "warning"),
    "posted": Status(VAT.labels["posted"], "good"), "discarded": Status(VAT.labels["discarded"], "neutral"),
    "reversed": Status(VAT.labels["reversed"], "danger"),
}
ITEM_LABELS = {
    TaxItem.INTEREST_DUE: gettext_lazy("到期利息"), TaxItem.INTEREST_LATE: gettext_lazy("逾期 90 天后收到的利息"),
    TaxItem.PENALTY: gettext_lazy("罚息（收到时）"), TaxItem.COMPOUND: gettext_lazy("复利（收到时）"),
    TaxItem.FEE: gettext_lazy("费用（收取时）"),
    TaxItem.EARLY_SETTLEMENT: gettext_lazy("提前结清违约金（收到时）"), TaxItem.WAIVER: gettext_lazy("减免（冲减）"),
}
DASH = "—"


@dataclass(frozen=True, slots=True)
class TaxRow:
    """A line of the return's figures in fen: with tax, without, and the tax."""

    label: Any
    base: int
    tax: int
    is_total: bool = False

    @property
    def net(self) -> int:
        return self.base - self.tax


@dataclass(frozen=True, slots=True)
class TaxTable:
    title: Any
    what: Any
    rows: list[TaxRow]


@dataclass(frozen=True, slots=True)
class ProofRow:
    label: Any
    fen: int
    is_total: bool = False


def months_to_run(today: date) -> list[tuple[str, str]]:
    """The month that comes next; before the first one, the last months that are over, the latest first."""
    ends = monthly.next_ends(runs.last_posted(), today)
    taken = set(VatRun.objects.filter(as_of__in=ends, status__in=COMPUTED_OPEN).values_list("as_of", flat=True))
    return monthly.choices(end for end in ends if end not in taken)


def tables_of(run: VatRun) -> list[TaxTable]:
    """The month by item, product and branch; each adds up to the run."""
    found = reading.totals_of(run.pk)
    if not found:
        return []
    products = {product.code: product.label for product in Product.objects.all()}
    branches: dict[int | None, str] = dict(Branch.objects.values_list("pk", "name"))
    by_item = [TaxRow(ITEM_LABELS[item], base, tax) for item, (base, tax) in reading.summed(found.values()).items() if base or tax]
    return [
        TaxTable(_("按项目"), _("项目"), _with_total(by_item)),
        TaxTable(_("按产品"), _("产品"), _grouped(found, 0, products)), TaxTable(_("按门店"), _("门店"), _grouped(found, 1, branches)),
    ]


def _grouped(found: Mapping[Key, dict[TaxItem, tuple[int, int]]], place: int, labels: Mapping[Any, str]) -> list[TaxRow]:
    rows = []
    for value in sorted({key[place] for key in found}, key=lambda part: str(part)):
        sums = reading.summed(part for key, part in found.items() if key[place] == value)
        rows.append(TaxRow(labels.get(value, DASH), sum(base for base, _tax in sums.values()), sum(tax for _base, tax in sums.values())))
    return _with_total(rows)


def _with_total(rows: list[TaxRow]) -> list[TaxRow]:
    return [*rows, TaxRow(_("合计"), sum(row.base for row in rows), sum(row.tax for row in rows), is_total=True)]


def proof_of(run: VatRun) -> tuple[list[ProofRow], int]:
    """Taxed and untaxed income of the month against what the income accounts took, and the difference that must be 0."""
    said, difference = runs.proof_of(run)
    rows = [
        ProofRow(_("本月应税（含税）"), run.base.fen),
        ProofRow(_("已计提、尚未到期的利息"), said.not_due_fen), ProofRow(_("到期已计税、未收而转出表外的利息"), -said.taken_back_fen),
        ProofRow(_("已减免（另记损失）"), said.waived_fen), ProofRow(_("手工分录等其他收入（未计税）"), said.other_fen),
        ProofRow(_("收入科目发生额"), said.income_fen, is_total=True),
    ]
    return rows, difference


def rounding_of(run: VatRun) -> int:
    """What rounding each loan's items makes of the tax on the whole base."""
    return run.tax.fen - rules.tax_within(run.base.fen, run.rate)


def journals_of(run: VatRun) -> list[Journal]:
    """What posting would book, or booked."""
    if run.status == "computed":
        contents = runs.entries_of(run, steps.booking_day(run.as_of))
        return [ledger_pages.preview(content.posted_on, f"{event_label(content.event)} {content.memo}", content.transfers)
                for content in contents]
    return [ledger_pages.journal_of(entry) for entry in runs.booked_entries(run)]


def job_of(run: VatRun) -> Job:
    """The computation as a progress card."""
    is_over = run.status != "computing"
    return Job(
        title=_("%(as_of)s 增值税计提") % {"as_of": run.as_of}, state="done" if is_over else "running", done=int(is_over), total=1,
        stage=_("正在从总账读取每笔贷款的应税收入"),
    )


def track_of(run: VatRun) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(run.subject), VAT, begun=_("发起"), icon="flag")


def said_items(line: VatLine) -> str:
    """What a line is made of, for the list."""
    return "，".join(f"{ITEM_LABELS[item]} {formats.yuan(base)}" for item, base in zip(ITEMS, line.bases, strict=True) if base)


def sheet(run: VatRun, by: Actor) -> tuple[bytes, int]:
    """The figures of the return by product, branch and item, as a spreadsheet; and how many rows it has."""
    names: dict[int | None, str] = dict(Branch.objects.values_list("pk", "name"))
    rows = [_SheetRow(product, names.get(branch, DASH), str(ITEM_LABELS[item]), base, tax)
            for (product, branch), parts_ in reading.totals_of(run.pk).items() for item, (base, tax) in parts_.items() if base or tax]
    columns = [
        Column("product", _("产品")), Column("branch", _("门店")), Column("item", _("项目")), Column("base", _("含税销售额"), kind="money"),
        Column("net", _("不含税销售额"), kind="money"), Column("tax", _("税额"), kind="money"),
    ]
    proof, difference = proof_of(run)
    notes = [
        (_("导出人"), by.name), (_("导出时间"), formats.moment(clock.now())), (_("计提编号"), run.number),
        (_("纳税人类别"), str(dict(TAXPAYERS)[run.taxpayer])), (_("税率或征收率"), percent(run.rate)), (_("依据"), run.source),
        *((str(row.label), formats.yuan(row.fen)) for row in proof), (_("差额"), formats.yuan(difference)),
    ]
    title = f"{_('增值税')} {run.as_of:%Y-%m}"
    return exports.as_xlsx(columns, rows, title=title, notes=notes), len(rows)


@dataclass(frozen=True, slots=True)
class _SheetRow:
    product: str
    branch: str
    item: str
    base: int
    tax: int

    @property
    def net(self) -> int:
        return self.base - self.tax


def percent(rate: Decimal) -> str:
    """The rate for people."""
    return str(formats.rate(rate))


def statuses(run_list: Iterable[VatRun]) -> list[tuple[VatRun, Status]]:
    """Each run with its status for people."""
    return [(run, RUN_STATUSES[run.status]) for run in run_list]
