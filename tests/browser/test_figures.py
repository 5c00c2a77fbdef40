"""Sums on the screen: the calculator and its caps, the settlement quote of three days, and two tabs that decide at once."""

from __future__ import annotations

from datetime import timedelta

from chezhe.kernel import clock
from chezhe.servicing.models import Loan
from chezhe.ui.tests.browser import Window, browser_marks
from tests.browser.keeping import fen
from tests.browser.town import Town
from tests.journeys import walk
from tests.journeys.house import TODAY
from tests.journeys.walk import PERSON, said
from tests.security.populated import populate

pytestmark = browser_marks

REFUSED = "main .error-summary, main .state-refused"


class Figures(Town):
    def test_the_calculator_adds_up_and_says_what_is_over_the_cap(self) -> None:
        lin = self.desk("lin").go("/products/calculator/")
        lin.fill(price="100,000", down_payment="20,000", condition="used", product_1="P02", periods_1="24").press("试算").settle()
        rows = table(lin, "本金")
        lin.judge("calculator-over")
        assert sum(fen(row["本金"]) for row in rows) == 8_000_000
        assert "成数" in lin.text("main .banner-danger"), "80 % of a used car is more than the cap"
        lin.fill(down_payment="40,000").press("试算").settle()
        assert sum(fen(row["本金"]) for row in table(lin, "本金")) == 6_000_000 and not lin.page.locator("main .banner-danger").count()

    def test_the_quote_on_the_page_is_the_quote_of_the_api_and_the_sheet_says_until_when(self) -> None:
        populate(self.team, self.bank)
        self.morning()
        loan, cai = Loan.objects.get().number, self.desk("cai")
        program = self.team.program("cai")
        for day in (TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=40)):
            cai.go(f"/servicing/loans/{loan}/settlement/?on={day}")
            shown = fen(cai.page.locator("main tfoot tr", has_text="应付").locator("td").inner_text())
            assert shown == fen(said(program.get(f"servicing/loans/{loan}/settlement-quote?on={day}"))["to_pay"])
        cai.follow("打印").sees("有效日", str(day)).judge("settlement-sheet")

    def test_of_two_tabs_that_decide_at_once_the_second_hears_who_was_first(self) -> None:
        owner = walk.customer(self.team, PERSON)
        application = walk.application(self.team, owner, walk.vehicle(self.team, owner, PERSON), PERSON)
        self.look_at_the_clock()
        chen = self.desk("chen").go(f"/origination/{application}/review/")
        second = Window(chen.page.context.new_page(), chen.root).go(f"/origination/{application}/review/")
        chen.fill(opinion="先看的人").press("同意").sees("还没有生效")
        with second.expecting(409, 403):
            second.fill(opinion="后看的人").press("退回补件")
            second.page.locator(REFUSED).first.wait_for()
        assert f"您的意见“同意”已于 {clock.now():%Y-%m-%d}" in second.text(REFUSED) and "Traceback" not in second.page.content()
        assert second.page.locator(REFUSED).count() == 1, second.text()
        assert not second.faults


def table(window: Window, heading: str) -> list[dict[str, str]]:
    """The first table with this heading, its rows by heading."""
    found = window.page.locator("main table", has=window.page.get_by_role("columnheader", name=heading)).first
    return found.evaluate("""t => { const heads = [...t.tHead.rows[0].cells].map(c => c.innerText.trim());
        return [...t.tBodies[0].rows].map(r => Object.fromEntries([...r.cells].map((c, i) => [heads[i], c.textContent.trim()]))) }""")
