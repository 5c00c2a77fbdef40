"""View-models of profit and funding cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chezhe.finmath.money import Money
from chezhe.kernel import clock, moves
from chezhe.kernel.actor import Actor, Reach
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.vocabulary import event_label
from chezhe.products.models import Product
from chezhe.servicing import monthly, steps
from chezhe.servicing.profit import months, reading, rules, runs
from chezhe.servicing.profit.models import FundingRun
from chezhe.servicing.profit.months import MonthOf
from chezhe.servicing.profit.rules import Statement
from chezhe.servicing.profit.states import FUNDING
from chezhe.staff.models import Branch
from chezhe.ui import exports, formats, parts
from chezhe.ui.charts import Chart, Series
from chezhe.ui.columns import Column
from chezhe.ui.parts import Happening, Journal
from chezhe.ui.status import Status

STATUSES = {"posted": Status(FUNDING.labels["posted"], "good"), "reversed": Status(FUNDING.labels["reversed"], "danger")}
ROW_LABELS = {
    rules.INTEREST: gettext_lazy("利息收入"), rules.PENALTY: gettext_lazy("罚息与复利"), rules.FEES: gettext_lazy("费用与违约金"),
    rules.WAIVED: gettext_lazy("减免"), rules.VAT: gettext_lazy("增值税"), rules.FUNDING: gettext_lazy("内部资金成本"),
    rules.CREDIT: gettext_lazy("信用损失"), rules.COMMISSION: gettext_lazy("渠道佣金"), rules.OPERATING: gettext_lazy("运营成本"),
}
MONTHS_SHOWN = 6
DASH = "—"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table of fen; `is_total` sets it off."""

    label: Any
    values: list[int]
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    title: Any
    head: list[Any]
    rows: list[Line]


def statement_rows(statement: Mapping[str, int]) -> list[Line]:
    """A statement down the page, with the profit at its foot."""
    return [*(Line(ROW_LABELS[row], [statement[row]]) for row in rules.ROWS), Line(_("利润"), [rules.profit_of(statement)], is_total=True)]


def last_months(today: date, count: int = MONTHS_SHOWN) -> tuple[date, date]:
    """The first and last day of the months that are over."""
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    for _month in range(count - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first, last


def visible(parts_: Iterable[MonthOf], actor: Actor) -> list[MonthOf]:
    """Of the branches in the actor's reach."""
    if actor.sees_whole_house:
        return list(parts_)
    return [part for part in parts_ if actor.reach in (Reach.BRANCH, Reach.REGION) and part.branch in actor.branch_ids]


def tables_of(parts_: list[MonthOf]) -> list[Table]:
    """Months across with the statement down; then products and branches, each adding up to the same profit."""
    by_month = months.by_month(parts_)
    total = rules.together(by_month.values())
    head = [_("项目"), *(f"{month:%Y-%m}" for month in by_month), _("合计")]
    rows = [Line(ROW_LABELS[row], [*(found[row] for found in by_month.values()), total[row]]) for row in rules.ROWS]
    foot = Line(_("利润"), [*(rules.profit_of(found) for found in by_month.values()), rules.profit_of(total)], is_total=True)
    return [Table(_("逐月"), head, [*rows, foot]), _grouped(parts_, _("按产品"), _("产品"), _by_product(parts_)),
            _grouped(parts_, _("按门店"), _("门店"), _by_branch(parts_))]


def _by_product(parts_: list[MonthOf]) -> dict[str, Statement]:
    labels = {product.code: product.label for product in Product.objects.all()}
    return {labels.get(code, DASH): rules.together(part.rows for part in parts_ if part.product == code)
            for code in sorted({part.product for part in parts_})}


def _by_branch(parts_: list[MonthOf]) -> dict[str, Statement]:
    names: dict[int | None, str] = dict(Branch.objects.values_list("pk", "name"))
    return {names.get(pk, DASH): rules.together(part.rows for part in parts_ if part.branch == pk)
            for pk in sorted({part.branch for part in parts_}, key=lambda pk: pk or 0)}


def _grouped(parts_: list[MonthOf], title: Any, what: Any, found: Mapping[str, Statement]) -> Table:
    head = [what, *(ROW_LABELS[row] for row in rules.ROWS), _("利润")]
    rows = [Line(label, [*(sums[row] for row in rules.ROWS), rules.profit_of(sums)]) for label, sums in found.items()]
    total = rules.together(part.rows for part in parts_)
    return Table(title, head, [*rows, Line(_("合计"), [*(total[row] for row in rules.ROWS), rules.profit_of(total)], is_total=True)])


def chart_of(parts_: list[MonthOf]) -> Chart | None:
    """Income, costs and what is left by month."""
    by_month = months.by_month(parts_)
    if not by_month:
        return None
    income = (rules.INTEREST, rules.PENALTY, rules.FEES, rules.WAIVED, rules.VAT)
    return Chart(
        id="profit-months", kind="bar", title=_("收入、成本与利润"), measure="money", categories=[f"{month:%Y-%m}" for month in by_month],
        series=[
            Series(_("净收入"), [sum(found[row] for row in income) for found in by_month.values()]),
            Series(_("内部资金成本"), [found[rules.FUNDING] for found in by_month.values()]),
            Series(_("信用损失"), [found[rules.CREDIT] for found in by_month.values()]),
            Series(_("利润"), [rules.profit_of(found) for found in by_month.values()], kind="line"),
        ],
        category_label=_("月份"), source=_("总账"), refreshed_at=clock.now(),
    )


def sheet(parts_: list[MonthOf], by: Actor) -> tuple[bytes, int]:
    """Month, product and branch with every row, as a spreadsheet; and how many rows it has."""
    names: dict[int | None, str] = dict(Branch.objects.values_list("pk", "name"))
    columns = [
        Column("month", _("月份"), value=lambda part: f"{part.as_of:%Y-%m}"), Column("product", _("产品")),
        Column("branch", _("门店"), value=lambda part: names.get(part.branch, DASH)),
        *(Column(row, ROW_LABELS[row], kind="money", value=lambda part, row=row: Money(part.rows[row])) for row in rules.ROWS),
        Column("profit", _("利润"), kind="money", value=lambda part: Money(part.profit_fen)),
    ]
    total = rules.together(part.rows for part in parts_)
    notes = [(_("导出人"), by.name), (_("导出时间"), formats.moment(clock.now())), (_("利润"), formats.yuan(rules.profit_of(total)))]
    return exports.as_xlsx(columns, parts_, title=_("盈利分析"), notes=notes), len(parts_)


def months_to_post(today: date) -> list[tuple[str, str]]:
    """The month that comes next; before the first one, the last months that are over, the latest first."""
    return monthly.choices(monthly.next_ends(runs.last_posted(), today))


def totals_rows(found: Mapping[tuple[str, int], int]) -> list[tuple[str, str, int]]:
    """Product, branch and cost, for a table."""
    names = dict(Branch.objects.values_list("pk", "name"))
    return [(product, names.get(branch, DASH), fen) for (product, branch), fen in found.items()]


def preview_journals(worked: runs.Worked) -> list[Journal]:
    """What posting would book."""
    on = steps.booking_day(worked.as_of)
    return [ledger_pages.preview(on, f"{event_label(content.event)} {content.memo}", content.transfers)
            for content in runs.entries_of(worked, "", on)]


def journals_of(run: FundingRun) -> list[Journal]:
    """What was booked."""
    return [ledger_pages.journal_of(entry) for entry in runs.booked_entries(run)]


def booked_totals(run: FundingRun) -> list[tuple[str, str, int]]:
    """By product and branch."""
    return totals_rows(reading.totals_of(run.pk))


def track_of(run: FundingRun) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(run.subject), FUNDING, begun=pgettext("track", "入账"), icon="coin-yuan")
