"""Every role's menu, word by word, and the pages beside it that refuse: what is not offered does not open either."""

from __future__ import annotations

import pytest
from django.test import Client

from chezhe.kernel import business_date, clock, roles
from chezhe.staff.models import User
from chezhe.staff.tests import cast
from tests.browser.pages import Menu
from tests.journeys.house import NOW, TODAY

pytestmark = pytest.mark.django_db

SHARED = "工作台 审批收件箱 监管参数 定价合规试算 节假日历 机构资料 权限矩阵 职责表"
BUSINESS = f"{SHARED} 客户 车辆 消息 进件 试算器 办理时限 合同 放款工作台 收款账户 放款限额 贷款 贷款变更 分类下调 委托代办 产品 消息模板 开票申请 调息日历 \
综合评估 评估报告 市场成交 担保措施 保证期间 提前结清申请"
JUDGES = "自动决策 决策表 特征目录 疑似关联 尽职调查"
GUARDS = f"{JUDGES} 名单命中 监控名单 评估师偏差 黑名单"
TRIES = "策略回测 评分模型 分流试验 客户画像与预警"
BOOKS = "分录 序时账 试算平衡 会计科目 对账单 手工分录 会计期间"
BANK = "付款 银行通知 批量付款 待清分 银行流水 对账中心 对账差异 渠道清算"
DEBITS = "代扣中心 代扣授权"
EARNS = "返佣明细 返佣结算"
# A blank inside a label is written as a low line.
KEEPS = "抵押登记单 权证与钥匙 解押交证 GPS_设备"
PROFIT = "盈利分析 内部资金成本"
PEOPLE = "人员 门店与区域 权限变更"
SELLS = f"{BUSINESS} 自动决策 线索 公共池 车商与渠道 返佣方案"
MANAGES = f"{SELLS} 文本模板 用印登记 策略回测 客户画像与预警 决策表 特征目录 疑似关联 评估师偏差 {BANK} {BOOKS} {PEOPLE} {DEBITS} \
{PROFIT} {EARNS} {KEEPS}"
WATCHES = f"{MANAGES} {GUARDS} 评分模型 分流试验 账实核对 拨备计提 增值税 存量迁入 联系记录 个人信息目录 审计记录 客户投诉 客户评价"
MENUS = {
    roles.SALES: f"{SELLS} {DEBITS} 特征目录", roles.CHANNEL_MGR: f"{SELLS} {EARNS}", roles.RISK_OFFICER: f"{BUSINESS} 车商与渠道 返佣方案 {JUDGES} 黑名单 策略回测 评分模型 分流试验",
    roles.APPRAISER: f"{BUSINESS} 特征目录",
    roles.REVIEWER: f"{BUSINESS} 车商与渠道 返佣方案 {JUDGES}", roles.APPROVER: f"{BUSINESS} 车商与渠道 返佣方案 {JUDGES} 评分模型 分流试验",
    roles.COLLATERAL_OPS: f"{BUSINESS} 待制合同 文本模板 用印登记 {KEEPS}",
    roles.FUNDING: f"{BUSINESS} {BANK} {BOOKS} 代扣授权 {EARNS} {KEEPS}",
    roles.FINANCE: f"{BUSINESS} 车商与渠道 返佣方案 {BANK} {BOOKS} {DEBITS} {PROFIT} 流水入账 日终中心 账实核对 拨备计提 增值税 存量迁入 财政贴息 {EARNS}",
    roles.RISK_MANAGER: f"{BUSINESS} 车商与渠道 返佣方案 {GUARDS} {BOOKS} {PROFIT} {EARNS} {TRIES} 账实核对 拨备计提 存量迁入",
    roles.SERVICING: f"{BUSINESS} {BANK} {BOOKS} {DEBITS} {KEEPS}",
    roles.COLLECTION_SUPERVISOR: f"{BUSINESS} {DEBITS}", roles.COLLECTOR: f"{BUSINESS} {DEBITS}", roles.RECOVERY: BUSINESS,
    roles.BRANCH_MGR: MANAGES, roles.REGIONAL_MGR: MANAGES, roles.COMPLIANCE: WATCHES, roles.AUDITOR: WATCHES,
    roles.ADMIN: f"{SHARED} {PEOPLE} 个人信息目录",
}


def test_every_role_sees_its_menu_and_nothing_beside_it_opens() -> None:
    with clock.at(NOW):
        business_date.open_day(TODAY)
        assert set(MENUS) == set(roles.ALL)
        clients = {role: someone(role) for role in roles.ALL}
        menus = {role: Menu.of(client.get("/").content.decode()) for role, client in clients.items()}
        assert {role: set(menu.words) for role, menu in menus.items()} == {role: {word.replace("_", " ") for word in words.split()} for role, words in MENUS.items()}
        every = {url for menu in menus.values() for url in menu.urls}
        opened = [
            (role, url) for role, client in clients.items() for url in sorted(every - set(menus[role].urls))
            if client.get(url).status_code != 403
        ]
        assert not opened, opened


def someone(role: str) -> Client:
    """Somebody who holds this role and no other, signed in."""
    user = cast.person(role.replace("_", "-"), role, at=cast.branch(), enrolled=True)
    User.objects.filter(pk=user.pk).update(password_set_at=clock.now())
    return cast.signed_in(user, at=clock.now())
