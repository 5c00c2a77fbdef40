"""View-models of a month's provision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import clock, moves
from chezhe.ledger import chart
from chezhe.ledger.models import JournalEntry
from chezhe.products.models import Product
from chezhe.servicing import monthly, steps
from chezhe.servicing.quality import progress, provisions, results
from chezhe.servicing.quality.models import ProvisionProgress, ProvisionRun
from chezhe.servicing.quality.pages import CLASS_STATUSES, STAGE_STATUSES
from chezhe.servicing.states import COMPUTED_OPEN, PROVISION
from chezhe.staff.models import Branch
from chezhe.ui import parts
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Happening, Job
from chezhe.ui.status import Status

RUN_STATUSES = {
    "computing": Status(PROVISION.labels["computing"], "progress"), "computed": Status(PROVISION.labels["computed"], "warning"),
    "posted": Status(PROVISION.labels["posted"], "good"), "discarded": Status(PROVISION.labels["discarded"], "neutral"),
    "reversed": Status(PROVISION.labels["reversed"], "danger"),
}
ROW_LABELS = {
    "opening": gettext_lazy("期初"), "new": gettext_lazy("新增贷款"), "moved_in": gettext_lazy("转入"), "moved_out": gettext_lazy("转出"),
    "remeasured": gettext_lazy("重新计量"), "released": gettext_lazy("结清转回"), "written_off": gettext_lazy("核销"),
    "closing": gettext_lazy("期末"),
}
BRIDGE_LABELS = {
    "opening": gettext_lazy("期初（总账）"), "charged": gettext_lazy("本期计提或转回"), "written_off": gettext_lazy("核销使用"),
    "recovered": gettext_lazy("核销后收回"), "other": gettext_lazy("手工分录"), "closing": gettext_lazy("期末（逐笔合计）"),
}
STAGE_LABELS = {
    progress.READING: gettext_lazy("读取贷款"), progress.GRADING: gettext_lazy("分类"), progress.LOSSES: gettext_lazy("计算预期信用损失"),
    progress.WRITING: gettext_lazy("写入逐笔结果"), progress.ADDING: gettext_lazy("汇总与变动"),
}
DASH = "—"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of figures: a label (or a status) and whole numbers; `is_total` sets it off."""

    label: Any
    values: list[int]
    status: Status | None = None
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table of figures; in tables of results the first value is a count, the others are fen."""

    title: Any
    head: list[Any]
    rows: list[Row]


def months_to_run(today: date) -> list[tuple[str, str]]:
    """The last month ends that are over and have no provision yet, the latest first."""
    ends, last = monthly.ends_before(today), provisions.last_posted()
    taken = set(ProvisionRun.objects.filter(as_of__in=ends, status__in=COMPUTED_OPEN).values_list("as_of", flat=True))
    return monthly.choices(end for end in ends if end not in taken and (last is None or end > last.as_of))


def tables_of(run: ProvisionRun) -> list[Table]:
    """What the run found by class, stage, product and branch."""
    if not run.summary:
        return []
    products = {str(product.pk): product.label for product in Product.objects.all()}
    branches = {str(pk): name for pk, name in Branch.objects.values_list("pk", "name")}
    return [
        _table(_("按五级分类"), _("分类"), run.summary["by_class"], dict.fromkeys(CLASS_STATUSES), CLASS_STATUSES),
        _table(_("按减值阶段"), _("阶段"), run.summary["by_stage"], {str(key): None for key in STAGE_STATUSES},
               {str(key): status for key, status in STAGE_STATUSES.items()}),
        _table(_("按产品"), _("产品"), run.summary["by_product"], products, {}),
        _table(_("按门店"), _("门店"), run.summary["by_branch"], branches, {}),
    ]


def _table(title: str, what: str, found: dict[str, dict[str, int]], labels: dict[str, Any], statuses: dict[str, Status]) -> Table:
    """In the order of `labels`, which also name the keys that have no status."""
    keys = [key for key in labels if key in found]
    rows = [Row(labels[key], [found[key][name] for name in results.FIGURES], statuses.get(key)) for key in keys]
    total = Row(_("合计"), [sum(row.values[at] for row in rows) for at in range(len(results.FIGURES))], is_total=True)
    return Table(title, [what, _("贷款"), _("本金余额"), _("预期信用损失"), _("监管计提"), _("拨备")], [*rows, total])


def movements_of(run: ProvisionRun) -> list[Table]:
    """How the allowance moved since the run before, by class and by stage, in fen."""
    if not run.movement:
        return []
    stages = {str(key): status for key, status in STAGE_STATUSES.items()}
    return [
        _movement(_("拨备变动（按五级分类）"), run.movement["by_class"], CLASS_STATUSES),
        _movement(_("拨备变动（按减值阶段）"), run.movement["by_stage"], stages),
    ]


def _movement(title: str, found: dict[str, dict[str, int]], columns: dict[str, Status]) -> Table:
    """In the order of `columns`: the database keeps none of its own."""
    rows = []
    for row in results.MOVEMENT:
        values = [found[row][column] for column in columns]
        rows.append(Row(ROW_LABELS[row], [*values, sum(values)], is_total=row in ("opening", "closing")))
    return Table(title, [_("项目"), *(status.label for status in columns.values()), _("合计")], rows)


def bridge_of(run: ProvisionRun) -> tuple[list[Row], int]:
    """The rows that lead the ledger from the run before to this one, and the difference that must be 0."""
    found, difference = provisions.bridge_of(run)
    return [Row(BRIDGE_LABELS[row], [found[row]], is_total=row in ("opening", "closing")) for row in results.BRIDGE], difference


def charts_of(run: ProvisionRun) -> list[Chart]:
    """The allowance by class, and how it moved."""
    if not run.summary or not run.loans:
        return []
    found = run.summary["by_class"]
    keys = [key for key in CLASS_STATUSES if key in found]
    total = {row: sum(run.movement["by_class"][row].values()) for row in results.MOVEMENT if row not in ("moved_in", "moved_out")}
    return [
        Chart(id="provision-class", kind="bar", title=_("各类贷款的拨备"), measure="money",
              categories=[CLASS_STATUSES[key].label for key in keys],
              series=[Series(_("预期信用损失"), [found[key]["expected"] for key in keys]),
                      Series(_("监管计提"), [found[key]["regulatory"] for key in keys])],
              category_label=_("分类"), source=_("逐笔计提结果"), refreshed_at=run.computed_at),
        Chart(id="provision-movement", kind="waterfall", title=_("拨备由期初到期末"), measure="money",
              categories=[ROW_LABELS[row] for row in total], series=[Series(_("拨备"), list(total.values()))],
              category_label=_("项目"), source=_("逐笔计提结果"), refreshed_at=run.computed_at),
    ]


@dataclass(frozen=True, slots=True)
class Booking:
    """One entry that posts a run, or that would: fen, positive when the allowance grows."""

    product: str
    branch: str
    fen: int
    number: str = ""
    url: str = ""

    @property
    def size(self) -> int:
        return abs(self.fen)


def bookings_of(run: ProvisionRun) -> list[Booking]:
    """What posting would book, or booked."""
    names = dict(Branch.objects.values_list("pk", "name"))
    if run.status == "computed":
        found = provisions.differences(run, steps.booking_day(run.as_of))
        return [Booking(product or DASH, names.get(branch, DASH), fen) for (product, branch), fen in found.items()]
    return [_booking(entry, names) for entry in provisions.booked_entries(run).prefetch_related("transfers__debit_account")]


def _booking(entry: JournalEntry, names: dict[int | None, str]) -> Booking:
    transfer = list(entry.transfers.all())[0]
    grows = transfer.owner.removeprefix("provision:")
    sign = -1 if transfer.debit_account.code == chart.PROVISION else 1
    return Booking(grows or DASH, names.get(entry.branch_id, DASH), sign * transfer.amount_fen, entry.number,
                   reverse("ledger:entry", args=[entry.number]))


def job_of(run: ProvisionRun) -> Job:
    """The computation as a progress card."""
    title = _("%(as_of)s 拨备计提") % {"as_of": run.as_of}
    if run.status != "computing":
        return Job(title=title, state="done", done=100, total=100)
    row = ProvisionProgress.objects.filter(run_id=run.pk).first()
    if row is None:
        return Job(title=title, state="waiting", done=0, total=100, stage=_("等待后台开始"))
    done = progress.hundredths(row.stage, row.done, row.loans)
    elapsed = (clock.now() - row.started_at).total_seconds()
    eta = timedelta(seconds=round(elapsed / done * (100 - done))) if done and elapsed > 0 else None
    return Job(title=title, state="running", done=done, total=100, stage=STAGE_LABELS[row.stage], eta=eta, message=_said(row))


def _said(row: ProvisionProgress) -> str:
    """Loans, and loans a second since it began."""
    if row.stage != progress.WRITING or not row.done:
        return _("共 %(loans)s 笔贷款") % {"loans": row.loans} if row.loans else ""
    speed = row.done // max(1, round((row.told_at - row.started_at).total_seconds()))
    return _("已写入 %(done)s 笔，共 %(loans)s 笔，每秒 %(speed)s 笔") % {"done": row.done, "loans": row.loans, "speed": speed}


def track_of(run: ProvisionRun) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(run.subject), PROVISION, begun=_("发起"), icon="flag")
