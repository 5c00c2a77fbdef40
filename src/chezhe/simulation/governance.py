"""Figures of law, the lender's particulars, the calendar and the products: proposed by one, agreed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from chezhe.compliance import permissions, queries
from chezhe.compliance.actions.approve_lender import approve_lender
from chezhe.compliance.actions.approve_parameter import approve_parameter
from chezhe.compliance.actions.propose_parameter import propose_parameter
from chezhe.compliance.actions.reject_lender import reject_lender
from chezhe.compliance.actions.reject_parameter import reject_parameter
from chezhe.compliance.actions.set_holiday import set_holiday
from chezhe.compliance.actions.set_lender import set_lender
from chezhe.compliance.models import LenderChange, ParameterChange
from chezhe.compliance.steps import Figure, Particulars
from chezhe.finmath.money import Money
from chezhe.kernel import calendar, parameters, roles
from chezhe.products import permissions as product_permissions
from chezhe.products import queries as product_queries
from chezhe.products.actions.create_product import create_product
from chezhe.products.actions.discard_version import discard_version
from chezhe.products.actions.draft_version import draft_version
from chezhe.products.actions.edit_version import edit_version
from chezhe.products.actions.publish_version import publish_version
from chezhe.products.actions.retire_version import retire_version
from chezhe.products.actions.return_version import return_version
from chezhe.products.actions.submit_version import submit_version
from chezhe.products.models import Product, ProductVersion
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene

OFFICE = BRANCHES[0][0]
SOURCE = "全国银行间同业拆借中心公告（示例）"


def renew_the_base_rate(scene: Scene) -> None:
    """Compliance enters the month's LPR, risk management agrees."""
    change = propose_the_base_rate(scene)
    second = scene.who(permissions.APPROVE_PARAMETER, OFFICE, role=roles.RISK_MANAGER)
    approve_parameter(change_number=change.number, opinion="与公告一致", by=second)


def propose_the_base_rate(scene: Scene) -> ParameterChange:
    """The proposal alone."""
    value = parameters.require("LPR1Y", scene.today).value
    figure = Figure(code="LPR1Y", value=value, effective_from=scene.today + timedelta(days=1), source=f"{SOURCE}{scene.today:%Y-%m}")
    by = scene.who(permissions.PROPOSE_PARAMETER, OFFICE, role=roles.COMPLIANCE)
    return propose_parameter(figure=figure, reason="本月公布的贷款市场报价利率", business_date=scene.today, by=by)


def let_borrowers_be_told_from(day: date, scene: Scene) -> None:
    """The lender begins to remind and to acknowledge by message on `day`, and not before."""
    for value, first in (("false", scene.today), ("true", day)):
        figure = Figure(code="REPAYMENT_MESSAGES", value=value, effective_from=first, source="贷后管理办法")
        by = scene.who(permissions.PROPOSE_PARAMETER, OFFICE, role=roles.COMPLIANCE)
        change = propose_parameter(figure=figure, reason="短信通道上线安排", business_date=scene.today, by=by)
        second = scene.who(permissions.APPROVE_PARAMETER, OFFICE, role=roles.RISK_MANAGER)
        approve_parameter(change_number=change.number, opinion="同意", by=second)


def refuse_a_figure(scene: Scene) -> None:
    """Somebody would like to answer complaints more slowly; that is refused."""
    figure = Figure(code="COMPLAINT_DAYS", value="20", effective_from=scene.today + timedelta(days=30), source="内部提议")
    by = scene.who(permissions.PROPOSE_PARAMETER, OFFICE, role=roles.RISK_MANAGER)
    change = propose_parameter(figure=figure, reason="处理量较大", business_date=scene.today, by=by)
    second = scene.who(permissions.APPROVE_PARAMETER, OFFICE, role=roles.COMPLIANCE)
    reject_parameter(change_number=change.number, opinion="监管要求不得延长", by=second)


def renew_the_lenders_particulars(scene: Scene) -> None:
    """New net assets after the year's accounts; a first proposal with a slip in it is refused."""
    second = scene.who(permissions.APPROVE_LENDER, OFFICE, role=roles.RISK_MANAGER)
    slip = propose_the_lenders_particulars(scene, Money(1))
    reject_lender(change_number=slip.number, opinion="净资产与审计报告不符", by=second)
    change = propose_the_lenders_particulars(scene, queries.lender().net_assets + Money(100_000_000))
    approve_lender(change_number=change.number, opinion="与审计报告一致", by=second)


def propose_the_lenders_particulars(scene: Scene, net_assets: Money) -> LenderChange:
    """The proposal alone."""
    lender = queries.lender()
    particulars = Particulars(
        name=lender.name, licence_type=lender.licence_type, region=lender.region, uscc=lender.uscc, net_assets=net_assets,
    )
    by = scene.who(permissions.SET_LENDER, OFFICE, role=roles.COMPLIANCE)
    return set_lender(particulars=particulars, reason="年度审计后的净资产", business_date=scene.today, by=by)


def close_an_extra_day(scene: Scene) -> None:
    """The town moves: one working day off, which is then a plain day again."""
    day = calendar.next_working_day(scene.today + timedelta(days=20))
    if day.weekday() < 5:
        by = scene.who(permissions.SET_HOLIDAY, OFFICE)
        set_holiday(day=day, kind="holiday", name="搬迁停业", source="内部通知（示例）", business_date=scene.today, by=by)
        set_holiday(day=day, kind="plain", business_date=scene.today, by=by)


# ---- products -------------------------------------------------------------------------------------------------


def renew_a_product(scene: Scene) -> None:
    """P03 lets people prepay smaller sums: drafted, sent back once, submitted again and published."""
    version = draft_a_renewal(scene)
    compliance = scene.who(product_permissions.PUBLISH_VERSION, OFFICE, role=roles.COMPLIANCE)
    return_version(version_number=version.number, opinion="请补充调整说明", by=compliance)
    maker = scene.who(product_permissions.EDIT_VERSION, OFFICE, role=roles.RISK_MANAGER)
    submit_version(version_number=version.number, business_date=scene.today, by=maker)
    publish_version(version_number=version.number, opinion="同意发布", by=compliance)


def draft_a_renewal(scene: Scene) -> ProductVersion:
    """Drafted and submitted, not yet published."""
    maker = scene.who(product_permissions.EDIT_VERSION, OFFICE, role=roles.RISK_MANAGER)
    version = draft_version(product_code="P03", business_date=scene.today, by=maker)
    terms = version.terms
    lower = Money(max(100_000, terms.prepayment.amount_min.fen - 100_000))
    edited = edit_version(
        version_number=version.number, terms=replace(terms, prepayment=replace(terms.prepayment, amount_min=lower)),
        effective_from=scene.today + timedelta(days=1), note="降低部分提前还款起点", by=maker,
    )
    return submit_version(version_number=edited.number, business_date=scene.today, by=maker)


def try_a_product(scene: Scene) -> None:
    """A product for taxis gets a code and a draft that is given up; a second draft is published and soon retired."""
    maker = scene.who(product_permissions.CREATE_PRODUCT, OFFICE, role=roles.RISK_MANAGER)
    code = f"T{scene.today:%y}"
    if Product.objects.filter(code=code).exists():
        return
    create_product(code=code, name="营运车分期（试点）", english="Commercial car instalment (pilot)", by=maker)
    first = draft_version(product_code=code, business_date=scene.today, by=maker)
    discard_version(version_number=first.number, reason="条款需要重写", by=maker)
    second = draft_version(product_code=code, business_date=scene.today, by=maker)
    terms = replace(product_queries.current("P02", scene.today).terms, description="营运车辆试点", description_english="A pilot")
    edit_version(version_number=second.number, terms=terms, effective_from=scene.today, note="试点", by=maker)
    submit_version(version_number=second.number, business_date=scene.today, by=maker)
    compliance = scene.who(product_permissions.PUBLISH_VERSION, OFFICE, role=roles.COMPLIANCE)
    publish_version(version_number=second.number, opinion="试点三个月", by=compliance)
    retire_version(
        version_number=second.number, retire_on=scene.today + timedelta(days=1), reason="试点取消", business_date=scene.today, by=maker,
    )


ERRANDS = (
    renew_the_base_rate, propose_the_base_rate, refuse_a_figure, renew_the_lenders_particulars, close_an_extra_day, renew_a_product,
    draft_a_renewal, try_a_product,
)
