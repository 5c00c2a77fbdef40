"""A person's report reads like its paper: sections in their order, marks masked, sixty months with what was overdue in each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from random import Random

import msgspec

from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import hire, make_cast
from chezhe.identifiers import synthetic
from chezhe.invented.people import person as life_of
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Reach
from chezhe.risk.facts import person_pages
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.vendors.bureau import telling
from chezhe.risk.vendors.bureau.answers import CreditAccount, PersonalReport
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

AT = datetime(2026, 3, 16, 10, tzinfo=clock.SHANGHAI)


def told() -> PersonalReport:
    """The report of somebody with a loan and a card who was late, and is."""
    draws = Random(11)
    for _ in range(400):
        life = life_of(synthetic.invent_id_number(draws, date(1985, 5, 5), "male", "33"))
        report = telling.report_of(life, AT, is_whole=True)
        if len({one.kind for one in report.accounts}) > 1 and any(one.overdue_fen for one in report.accounts) and len(report.accounts) > 4:
            return report
    raise AssertionError("nobody was late")


REPORT = told()


def account(**changes: object) -> CreditAccount:
    return replace(REPORT.accounts[0], **changes)  # type: ignore[arg-type]


def test_sixty_months_stand_in_their_years_with_what_was_overdue() -> None:
    codes = "*" * 20 + "N" * 30 + "12" + "N" * 8
    sums = (0,) * 50 + (120_000, 240_000) + (0,) * 8
    found = person_pages.record(account(months60=codes, months60_overdue_fen=sums), date(2026, 3, 16))
    assert found is not None and (found.first, found.last) == ("2022-12", "2026-03")
    assert [year.year for year in found.years] == [2026, 2025, 2024, 2023, 2022]
    letters = {(year.year, month): cell.month.letter for year in found.years for month, cell in enumerate(year.cells, start=1) if cell.month}
    assert len(letters) == 40 and letters[(2025, 6)] == "1" and letters[(2025, 7)] == "2" and (2026, 4) not in letters
    (late,) = [year for year in found.years if year.has_overdue]
    assert (late.year, [cell.overdue.fen for cell in late.cells if cell.overdue]) == (2025, [120_000, 240_000])


def test_without_sixty_months_there_are_twenty_four_and_without_history_none() -> None:
    short = account(months60="", months60_overdue_fen=(), months24="*" * 12 + "N" * 12)
    found = person_pages.record(short, date(2026, 3, 16))
    assert found is not None and (found.first, found.last, len(found.years)) == ("2025-04", "2026-03", 2)
    assert person_pages.record(account(months60="", months60_overdue_fen=(), months24="*" * 24), date(2026, 3, 16)) is None


def test_the_mark_of_an_account_shows_four_characters() -> None:
    assert person_pages.masked("A001-12345678") == "****5678" and person_pages.masked("12") == "****"


def test_every_account_is_told_whole() -> None:
    page = person_pages.page_of(REPORT)
    accounts = [one for _label, group in page["groups"] for one in group]
    assert len(accounts) == len(REPORT.accounts)
    for one in accounts:
        named = {str(label) for row in one["rows"] for label, _value in row} | {str(label) for label, _value in one["now"]}
        assert {"账户标识", "还款期数", "账户币种", "共同借款标志", "关闭日期", "当前逾期期数"} <= named
        assert one["account"].number not in str(one["rows"])
    assert page["late"] and all(months >= accounts for _kind, accounts, months, _highest, _longest in page["late"])


class ReportInChromium(WithoutSignIn):
    pytestmark = browser_marks

    def test_it_reads_like_the_paper_on_every_screen(self) -> None:
        cast = make_cast()
        luo = hire("罗", cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)
        holder = person(WANG, cast.lin)
        row = Enquiry.objects.create(
            number="EQ26-000001-1", batch="b", service="bureau", subject=holder.subject, status="answered", reason="loan_approval",
            asked_at=AT, answered_at=AT, asked_by_name="罗", answer=msgspec.json.encode(REPORT).decode(), answer_hash="0" * 64)
        for look in ({}, {"size": PHONE}, {"theme": "dark"}, {"language": "en"}, {"size": PHONE, "theme": "dark"}):
            with self.window(f"/risk/reports/{row.number}/", by=luo, **look) as window:
                window.fill(reason="审批")
                window.press("Open the report" if "language" in look else "打开报告")
                window.page.wait_for_selector(".credit-record")
                window.judge(f"person-report-{'-'.join(str(value) for value in look.values()) or 'desk'}")
