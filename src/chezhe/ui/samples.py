"""Invented values for the styleguide: every component with its states."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext, pgettext_lazy

from chezhe.kernel.clock import SHANGHAI
from chezhe.ui import forms
from chezhe.ui.charts import Chart, Node, Series, Tie
from chezhe.ui.parts import Change, Happening, Job, Journal, JournalLine, Sla, Step
from chezhe.ui.status import PALETTE, Status


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.TextField(label=lazy("姓名"), max_length=30)
    id_number = forms.IdCardField(label=lazy("身份证号"), help_text=lazy("18 位，末位可以是 X。"))
    mobile = forms.MobileField(label=lazy("手机号"))
    plate = forms.PlateField(label=lazy("车牌号"), required=False)
    vin = forms.VinField(label=lazy("车架号"), required=False)
    amount = forms.MoneyField(label=lazy("贷款金额"), minimum=1_000_00, maximum=2_000_000_00)
    annual_rate = forms.RateField(label=lazy("年利率"), maximum="0.36")
    periods = forms.WholeField(label=lazy("期数"), unit=pgettext_lazy("unit", "期"), min_value=1, max_value=96)
    first_due_on = forms.DateField(label=lazy("首期还款日"))
    purpose = forms.RadioField(label=lazy("用途"), choices=[("own", lazy("自用")), ("work", lazy("营运"))], initial="own")
    has_spouse = forms.BooleanField(label=lazy("已婚，配偶共同借款"), required=False)
    remark = forms.LongTextField(label=lazy("备注"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("id_number", "mobile", "plate", "vin"):
            self.fields[name].widget.attrs["maxlength"] = 40


def everything(request: HttpRequest) -> dict[str, Any]:
    """The context of `ui/styleguide.html`."""
    wrong = SampleForm({
        "name": _("赵小满"), "id_number": "110101199003070012", "mobile": "1380013800", "amount": "12000.555",
        "annual_rate": "48", "periods": "360", "first_due_on": "2026-02-30", "purpose": "own",
    }, auto_id="wrong_%s")
    wrong.is_valid()
    return {
        "statuses": [Status(label, tone) for tone, label in zip(PALETTE, _tones(), strict=True)],
        "rows": _rows(), "steps": _steps(), "happenings": _happenings(), "journal": journal(), "preview": _preview(),
        "changes": [Change(_("剩余本金"), "¥86,420.15", "¥71,420.15"), Change(_("月供"), "¥3,427.78", "¥2,832.80"),
                    Change(_("剩余期数"), "29", "29")],
        "slas": [Sla(timedelta(hours=18, minutes=12), timedelta(hours=24)), Sla(timedelta(hours=3, minutes=12), timedelta(hours=24)),
                 Sla(-timedelta(minutes=46), timedelta(hours=24)), Sla(timedelta(hours=9), timedelta(hours=24), _("等客户补件"))],
        "jobs": [Job(_("日终 2026-11-23"), "running", 6420, 10000, _("计提利息"), timedelta(minutes=2, seconds=40), cancel_url="#"),
                 Job(_("导入银行流水"), "done", 318, 318, message=_("入账 315 行，3 行待人工处理。"), result_url="#"),
                 Job(_("导出还款计划"), "failed", 40, 100, message=_("磁盘空间不足，没有写出文件。请清理后重试。"))],
        "charts": _charts(), "form": SampleForm(initial={"amount": "120000.00", "periods": 36}), "wrong": wrong,
        "waiver": SampleForm(auto_id="waive_%s"),
        "tabs": [{"key": k, "label": label, "url": f"#{k}"} for k, label in
                 (("plan", _("还款计划")), ("journal", _("分录")), ("documents", _("文档")), ("audit", _("审计")))],
        "columns": [("draft", _("草稿")), ("review", _("初审")), ("approve", _("终审"))],
        "breadcrumbs": [(_("设置"), ""), (_("组件样式"), "")],
    }


def _tones() -> list[str]:
    return [_("已结清"), _("已登记"), _("审批中"), _("还款中"), _("即将到期"), _("已逾期")]


def _rows() -> list[dict[str, Any]]:
    names = (_("赵*满"), _("钱*"), _("孙*川"), _("李*"))
    plates = (_("沪A***67"), _("浙B***2F"), _("京N***19"), _("苏E***88"))
    states = (Status(_("还款中"), "good"), Status(_("即将到期"), "warning"), Status(_("已逾期"), "danger"), Status(_("已结清")))
    fens = (12_800_000, 8_642_015, None, 0)
    return [
        {"number": f"L26-00012{i}-{7 - i}", "name": names[i], "plate": plates[i], "balance": fens[i],
         "rate": Decimal("0.1188") + Decimal(i) / 1000, "due": date(2026, 12, 5 + i), "status": states[i]}
        for i in range(4)
    ]


def _steps() -> list[Step]:
    return [Step(_("主体"), "done"), Step(_("共借与担保"), "skipped", _("无")), Step(_("车辆"), "done"),
            Step(_("收入负债"), "current", _("还差流水")), Step(_("资料")), Step(_("授权提交"))]


def _at(day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def _happenings() -> list[Happening]:
    return [
        Happening(_at(23, 14, 5), _("确认放款"), _("周岩"), _("¥120,000.00 汇入尾号 4416"), "good", "cash"),
        Happening(_at(22, 17, 40), _("终审通过"), _("陈立"), _("条件：安装 GPS、抵押登记"), "good", "circle-check"),
        Happening(_at(22, 10, 12), _("退回补件"), _("吴敏"), _("缺近六个月流水"), "warning", "arrow-back-up"),
        Happening(_at(21, 9, 30), _("提交进件"), _("林强"), "", "info", "send"),
    ]


def journal() -> Journal:
    """A repayment, booked."""
    return Journal(date(2026, 11, 23), _("还款 第 7 期"), [
        JournalLine(_("银行存款"), debit=342_778, code="1002"),
        JournalLine(_("应收利息"), credit=84_515, code="1132"),
        JournalLine(_("贷款本金"), credit=258_263, code="1303"),
    ], reference="RCPT-26-004418-3")


def _preview() -> Journal:
    return Journal(date(2026, 11, 23), _("减免罚息"), [
        JournalLine(_("减免支出"), debit=12_600, code="6711"), JournalLine(_("应收罚息"), credit=12_600, code="1134"),
    ], is_preview=True)


def _charts() -> dict[str, Chart]:
    months = [f"2026-{m:02d}" for m in range(6, 12)]
    refreshed = _at(23, 8, 30)
    ledger = _("账务")
    return {
        "line": Chart(id="c-line", kind="line", title=_("30 天以上逾期率"), measure="rate", categories=months, limit=Decimal("0.02"),
                      limit_label=_("上限 2%"), source=ledger, refreshed_at=refreshed, category_label=_("月份"),
                      series=[Series(_("全部"), [Decimal(v) / 10000 for v in (131, 128, 142, 155, 149, 138)]),
                              Series(_("二手车"), [Decimal(v) / 10000 for v in (168, 171, 183, 204, 196, 188)])]),
        "bar": Chart(id="c-bar", kind="bar", title=_("放款额"), measure="money", categories=months, source=ledger,
                     refreshed_at=refreshed, category_label=_("月份"),
                     series=[Series(_("放款额"), [412_000_000, 388_500_000, 451_200_000, 476_000_000, 502_300_000, 498_100_000])]),
        "stacked": Chart(id="c-stacked", kind="stacked_area", title=_("每期本金与利息"), measure="money",
                         categories=[str(i) for i in range(1, 13)], category_label=_("期"), source=_("还款计划"),
                         series=[Series(_("本金"), [258_263 + 2557 * i for i in range(12)]),
                                 Series(_("利息"), [84_515 - 2557 * i for i in range(12)])]),
        "heatmap": Chart(id="c-heat", kind="heatmap", title=_("滚动率"), measure="rate", categories=["C", "M1", "M2", "M3+"],
                         series=[Series("C", [Decimal("0.973"), Decimal("0.027"), None, None]),
                                 Series("M1", [Decimal("0.58"), Decimal("0.16"), Decimal("0.26"), None]),
                                 Series("M2", [Decimal("0.21"), Decimal("0.09"), Decimal("0.18"), Decimal("0.52")])]),
        "gauge": Chart(id="c-gauge", kind="gauge", title=_("贷款价值比"), measure="rate", limit=Decimal("0.7"), height=170,
                       limit_label=_("上限 70%"), categories=[_("贷款价值比")], series=[Series(_("贷款价值比"), [Decimal("0.74")])]),
        "bullet": Chart(id="c-bullet", kind="bullet", title=_("新增客户"), unit=_("户"), height=190,
                        categories=[_("上海店"), _("杭州店"), _("苏州店")],
                        series=[Series(_("实际"), [42, 31, 18]), Series(_("目标"), [40, 36, 25])]),
        "funnel": Chart(id="c-funnel", kind="funnel", title=_("本周转化"), unit=_("件"), height=220,
                        categories=[pgettext("list", "进件"), _("通过"), _("签约"), _("放款")],
                        series=[Series(_("件数"), [86, 61, 54, 49])]),
        "waterfall": Chart(id="c-fall", kind="waterfall", title=_("处置净收回"), measure="money", height=240,
                           categories=[_("成交价"), _("拖车"), _("保管"), _("佣金"), _("净收回")],
                           series=[Series(_("金额"), [6_800_000, -60_000, -43_000, -204_000, 6_493_000])]),
        "graph": Chart(id="c-graph", kind="graph", title=_("关系"), height=260,
                       nodes=[Node("a", _("赵*满"), _("客户")), Node("b", _("钱*"), _("客户")), Node("p", "138****8000", _("手机"))],
                       ties=[Tie("a", "p", _("本人")), Tie("b", "p", _("联系人"))]),
        "empty": Chart(id="c-none", kind="line", title=_("没有数据时"), categories=[], series=[]),
    }
