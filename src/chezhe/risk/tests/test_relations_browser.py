"""Rings, likenesses, the blacklist, due diligence and hits as people see them: in both lights, both languages and on the phone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, FLEET, OUYANG, SHAN, WANG, company, person
from chezhe.documents.tests.people import hire, make_cast
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.propose_blacklist_entry import propose_blacklist_entry
from chezhe.risk.actions.record_holding import record_holding
from chezhe.risk.actions.screen_chunk import screen_chunk
from chezhe.risk.relations import steps
from chezhe.risk.relations.blacklist import Proposal
from chezhe.risk.relations.models import BlacklistEntry, Candidate
from chezhe.risk.screening.diligence import Shares
from chezhe.risk.screening.lists import Entry, Heading
from chezhe.risk.screening.models import Hit, ListVersion
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks


class RelationsInChromium(WithoutSignIn):
    fei: Actor
    rui: Actor
    he: Actor
    chen: Actor
    wang: Customer
    alike: Customer

    def setUp(self) -> None:
        super().setUp()
        cast = make_cast()
        self.chen = cast.chen
        self.fei, self.rui, self.he = (
            hire(name, cast.east, role, reach=Reach.ALL)
            for name, role in (("飞", roles.RISK_OFFICER), ("瑞", roles.RISK_MANAGER), ("何", roles.COMPLIANCE))
        )
        home = "杭州市西湖区文三路12号光华小区3栋2单元501室"
        self.wang = person(replace(WANG, address=home, employer="杭州小厂有限公司"), cast.lin)
        alike = self.alike = person(replace(SHAN, name="王小民", mobile=WANG.mobile, address=home), cast.lin)
        far = person(replace(OUYANG, employer="杭州小厂"), cast.mei)
        self.firm = company(FLEET, cast.lin)
        now = clock.now()
        for customer, back in ((self.wang, 9), (alike, 6), (far, 3), (self.firm, 2)):
            steps.trace_customer(customer, now - timedelta(days=back))
        steps.trace(self.firm.subject, {"bank_card": CARD}, now - timedelta(days=1))
        steps.trace(alike.subject, {"bank_card": CARD, "device": "IMEI860000000001"}, now - timedelta(days=1))
        steps.trace(far.subject, {"device": "IMEI860000000001"}, now)
        steps.record_outcome(alike.subject, "bad", on=now.date(), known_at=now, reference="loan:L26-000001-1")
        steps.find_candidates(self.wang)

    def test_a_ring_is_drawn_and_a_click_leads_to_the_person(self) -> None:
        address = f"/risk/relations/{self.wang.number}/"
        with self.window(address, by=self.fei) as window:
            window.sees("关联网络", "王*民").judge("ring")
            window.page.locator(".chart-picture svg path[fill]:not([fill='none'])").first.wait_for()
            window.page.locator("#ring-day").evaluate("e => { e.value = 0; e.dispatchEvent(new Event('change', {bubbles: true})); }")
            window.sees("没有与他人共有的线索").judge("ring-before")
        with self.window(address, by=self.fei) as window:
            label = window.page.locator(".chart-picture svg text", has_text="王*民").first
            label.scroll_into_view_if_needed()
            under = label.bounding_box()
            assert under is not None
            # The circle of the person stands above their name.
            window.page.mouse.click(under["x"] + under["width"] / 2, under["y"] - 12)
            window.page.wait_for_url(f"**/customers/{self.alike.number}/")
            window.sees("王*民", self.alike.number)
        with self.window(address, by=self.chen) as window:
            window.sees("另有 1 人不在您的数据范围内").judge("ring-in-reach")
        with self.window(address, by=self.fei, theme="dark", language="en") as window:
            window.judge("ring-dark-english")
        with self.window(address, by=self.fei, size=PHONE) as window:
            window.judge("ring-phone")

    def test_a_likeness_is_confirmed(self) -> None:
        with self.window("/risk/relations/alike/", by=self.fei) as window:
            window.judge("alike")
            window.go(f"/risk/relations/alike/{Candidate.objects.get().number}/").judge("alike-one")
            window.fill(kind="household", reason="电话核实为兄弟").press("确认关联").sees("已确认关联").judge("alike-confirmed")
        with self.window(f"/customers/{self.wang.number}/?tab=rings", by=self.chen) as window:
            window.judge("relations-panel")

    def test_an_entry_is_proposed_and_met(self) -> None:
        with self.window("/risk/blacklist/new/", by=self.fei) as window:
            window.judge("blacklist-new")
            window.fill(kind="phone", value=WANG.mobile, reason_code="fraud", words="以假资料申请", source="internal", starts_on="2026-01-01")
            window.press("提交复核").sees("待复核").judge("blacklist-proposed")
        with self.window("/risk/blacklist/", by=self.rui, size=PHONE) as window:
            window.judge("blacklist-phone")
        cast_vote(request_number=BlacklistEntry.objects.get().request_number, verdict="agree", opinion="", by=self.rui)
        propose_blacklist_entry(
            proposal=Proposal("company", FLEET.uscc, "vehicle_fraud", "一车多押", "authority", date(2026, 1, 1)),
            business_date=clock.today(), by=self.fei)
        with self.window("/risk/blacklist/", by=self.rui) as window:
            window.judge("blacklist")
        with self.window(f"/customers/{self.wang.number}/?tab=rings", by=self.chen, language="en") as window:
            window.judge("blacklist-met-english")

    def test_a_company_is_looked_into_and_a_hit_judged(self) -> None:
        for name, share in (("王小明", "0.4"), ("李四光", "0.35")):
            record_holding(customer_number=self.firm.number, shares=Shares(Decimal(share), holder_name=name), by=self.he)
        heading = Heading("UN-SC", "sanction", "安理会制裁名单", "2026-03-16", "联合国安理会")
        with jobs.in_line():
            import_watch_list(heading=heading, entries=[Entry("P-1", "person", "王小明", ("WANG Xiaoming",), "1990-01-01")], by=self.he)
        version = ListVersion.objects.get()
        with self.window(f"/risk/screening/lists/{version.number}/", by=self.he) as window:
            window.sees("进行中").judge("list-running")
            for chunk in range(version.chunks):
                screen_chunk(watchlist_number=version.number, chunk=chunk, by=SYSTEM)
            window.sees("已完成").judge("list-done")
            window.go("/risk/screening/lists/").judge("lists")
            window.go("/risk/screening/hits/").judge("hits")
            window.go(f"/risk/screening/hits/{Hit.objects.filter(role='customer').get().number}/").judge("hit")
            window.fill(reason="证件号码一致").press("确认为本人").sees("确认命中").judge("hit-confirmed")
        with self.window(f"/customers/{self.firm.number}/?tab=diligence", by=self.he) as window:
            window.judge("diligence")
            window.fill(occupation="used_car_trade", region="ordinary", purpose="business_use").press("保存并评级").sees("历次调查")
            window.judge("diligence-reviewed")
        with self.window(f"/customers/{self.wang.number}/?tab=diligence", by=self.he, size=PHONE, theme="dark") as window:
            window.sees("业务冻结").judge("diligence-frozen-phone")
        with self.window("/risk/diligence/", by=self.he, language="en") as window:
            window.judge("diligence-due-english")
