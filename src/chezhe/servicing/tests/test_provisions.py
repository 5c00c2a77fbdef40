"""The provision of a month: computed, posted by another, moved on, taken back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.actions.close_period import close_period
from chezhe.servicing.actions.compute_provision import compute_provision
from chezhe.servicing.actions.discard_provision import discard_provision
from chezhe.servicing.actions.downgrade_loan import downgrade_loan
from chezhe.servicing.actions.post_provision import post_provision
from chezhe.servicing.actions.reverse_provision import reverse_provision
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.models import Loan, ProvisionLine, ProvisionRun
from chezhe.servicing.quality import progress, provisions, reading, results, run_pages, writing
from chezhe.servicing.quality.curves import WeightsNotOne
from chezhe.servicing.quality.provisions import LaterStands, MonthNotOver, NotNextMonth, OutOfDate
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, settle
from chezhe.servicing.tests.test_calling_in import write_off
from chezhe.servicing.tests.test_doors import at, text_of

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH, MAY = date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 5, 31)
OTHER_CAR = {"vin": "LFV2A21K8A3000001", "plate": "沪B23456"}


@pytest.fixture
def jin(bank: Bank) -> Actor:
    return hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL)


def computed(bank: Bank, as_of: date) -> ProvisionRun:
    """Fang runs it and the worker works."""
    with jobs.in_line():
        run = run_provision(as_of=as_of, by=bank.fang)
        while jobs.run_due():
            clock.tick(1)
    run.refresh_from_db()
    return run


def posted(bank: Bank, as_of: date, by: Actor) -> ProvisionRun:
    return post_provision(provision_number=computed(bank, as_of).number, by=by)


def newly(code: str, value: str) -> None:
    Parameter.objects.create(code=code, value=value, unit="rate", effective_from=date(2026, 1, 2), source="测试")


def standing(on: date | None = None) -> Money:
    return ledger_queries.balance(chart.PROVISION, on=on)


def bridged(run: ProvisionRun) -> tuple[dict[str, int], int]:
    return provisions.bridge_of(run)


def test_the_first_month_books_what_the_loans_are_worth_of_loss(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 3))
    run = computed(bank, JANUARY)
    line = run.lines.get()
    assert (run.status, run.loans, line.asset_class, line.stage, line.grades) == ("computed", 1, "normal", 1, [0] * 6)
    assert line.exposure == Money(10_000_000) and line.regulatory == Money(150_000), "1.5 % without a licence that says otherwise"
    assert line.allowance == max(line.expected_loss, line.regulatory) == run.allowance and not standing()
    run = post_provision(provision_number=run.number, by=jin)
    assert standing() == run.allowance and run.posted_on == JANUARY
    assert ledger_queries.journal_text("provision:T01") == (
        "2026-01-31 provision T01\n  Dr provision expense  1,500.00\n  Cr provision          1,500.00")
    assert bridged(run) == ({"opening": 0, "charged": 150_000, "written_off": 0, "recovered": 0, "other": 0, "closing": 150_000}, 0)


def test_a_month_is_provided_once_and_by_two_people(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 3))
    run = computed(bank, JANUARY)
    assert run_provision(as_of=JANUARY, by=jin) == run and ProvisionLine.objects.count() == 1
    assert compute_provision(provision_number=run.number, by=SYSTEM).computed_at == run.computed_at
    with pytest.raises(SamePerson):
        post_provision(provision_number=run.number, by=bank.fang)
    post_provision(provision_number=run.number, by=jin)
    with pytest.raises(WrongState):
        post_provision(provision_number=run.number, by=jin)
    assert run_provision(as_of=JANUARY, by=jin).status == "posted" and standing() == run.allowance


def test_the_allowance_moves_on_from_month_to_month_and_adds_up_to_the_ledger(bank: Bank, loan: Loan, jin: Actor) -> None:
    paid_off = lend(bank, **OTHER_CAR)
    days_pass(bank, date(2026, 2, 3))
    first = posted(bank, JANUARY, jin)
    settle(bank, paid_off, "103600.00")
    days_pass(bank, date(2026, 3, 1))
    second = posted(bank, FEBRUARY, jin)
    table = second.movement["by_class"]
    assert table["opening"]["normal"] == first.allowance.fen and table["released"]["normal"] == -150_000
    assert table["moved_out"]["normal"] == -150_000 and table["moved_in"]["special_mention"] == 150_000, "13 days late"
    assert sum(table["closing"].values()) == second.allowance.fen == standing().fen
    assert bridged(second)[1] == 0 and bridged(second)[0]["opening"] == first.allowance.fen
    days_pass(bank, date(2026, 6, 1))
    third = posted(bank, MAY, jin)
    line = third.lines.get()
    assert (line.asset_class, line.stage, line.days_past_due) == ("substandard", 3, 105)
    assert third.movement["by_stage"]["moved_in"]["3"] == second.allowance.fen and standing() == third.allowance
    assert not provisions.differences(third, MAY)


def test_what_is_taken_back_leaves_the_ledger_as_it_was_the_latest_first(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 2))
    first, second = posted(bank, JANUARY, jin), posted(bank, FEBRUARY, jin)
    with pytest.raises(LaterStands):
        reverse_provision(provision_number=first.number, reason="参数有误", by=bank.fang)
    with pytest.raises(ReasonRequired):
        reverse_provision(provision_number=second.number, reason=" ", by=bank.fang)
    reverse_provision(provision_number=second.number, reason="参数有误", by=bank.fang)
    assert standing() == first.allowance
    again = posted(bank, FEBRUARY, jin)
    assert again.number != second.number and standing() == again.allowance == second.allowance and bridged(again)[1] == 0


def test_a_run_put_aside_can_be_computed_again_with_other_figures(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 3))
    run = computed(bank, JANUARY)
    with pytest.raises(ReasonRequired):
        discard_provision(provision_number=run.number, reason="", by=bank.fang)
    discard_provision(provision_number=run.number, reason="比例调整", by=bank.fang)
    newly("PROVISION_NORMAL", "0.02")
    again = computed(bank, JANUARY)
    assert again.allowance == Money(200_000) and again.figures["PROVISION_NORMAL"] == "0.02" and run.figures["PROVISION_NORMAL"] == "0.015"
    with pytest.raises(WrongState):
        post_provision(provision_number=run.number, by=jin)


def test_a_write_off_and_a_manual_entry_are_part_of_what_stands(bank: Bank, loan: Loan, jin: Actor) -> None:
    lend(bank, **OTHER_CAR)
    days_pass(bank, date(2026, 2, 3))
    first = posted(bank, JANUARY, jin)
    for event, transfer in (
        ("write_off", Transfer(chart.PROVISION, chart.LOAN_PRINCIPAL, 100_000, loan.subject)),
        ("recovery", Transfer(chart.BANK, chart.PROVISION, 30_000, loan.subject)),
        ("manual", Transfer(chart.PROVISION_EXPENSE, chart.PROVISION, 7, "")),
    ):
        branch = loan.branch_id if event != "manual" else None
        ledger_steps.post(event=event, reference=f"x/{event}", transfers=[transfer], on=date(2026, 2, 10), branch_id=branch, by=bank.fang)
    days_pass(bank, date(2026, 3, 1))
    second = posted(bank, FEBRUARY, jin)
    rows, difference = bridged(second)
    charged = second.allowance.fen - first.allowance.fen + 100_000 - 30_000 - 7
    assert difference == 0 and standing() == second.allowance
    assert rows == {"opening": first.allowance.fen, "charged": charged, "written_off": -100_000, "recovered": 30_000, "other": 7,
                    "closing": second.allowance.fen}
    assert not writing.standing_allowance(writing.Stand(FEBRUARY)).get(("", None))


def test_a_downgrade_reaches_the_next_provision(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 3))
    posted(bank, JANUARY, jin)
    rong = hire("荣", bank.cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)
    pay(bank, loan, "1000.00", date(2026, 2, 3))
    downgrade_loan(loan_number=loan.number, asset_class="loss", reason="车辆灭失", by=rong)
    days_pass(bank, date(2026, 4, 1))
    run = computed(bank, MARCH)
    line = run.lines.get()
    assert (line.asset_class, line.stage, line.grades[1]) == ("loss", 3, 4) and line.allowance == line.exposure
    assert run.previous is not None and run.previous.as_of == JANUARY, "a month may be left out"


def test_what_refuses_a_run(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 28))
    for as_of, refusal in ((date(2026, 1, 30), Invalid), (FEBRUARY, MonthNotOver)):
        with pytest.raises(refusal):
            run_provision(as_of=as_of, by=bank.fang)
    near = hire("近", bank.cast.east, roles.FINANCE, reach=Reach.BRANCH)
    for by, why in ((WU, NotPermitted), (bank.cast.lin, NotPermitted), (near, WholeHouseOnly)):
        with pytest.raises(why):
            run_provision(as_of=JANUARY, by=by)
    run = posted(bank, JANUARY, jin)
    with pytest.raises((NotFound, WholeHouseOnly)):
        reverse_provision(provision_number=run.number, reason="参数有误", by=near)
    days_pass(bank, date(2026, 3, 1))
    late, early = computed(bank, FEBRUARY), date(2025, 12, 31)
    with pytest.raises(NotNextMonth):
        run_provision(as_of=early, by=bank.fang)
    reverse_provision(provision_number=run.number, reason="参数有误", by=bank.fang)
    with pytest.raises(OutOfDate):
        post_provision(provision_number=late.number, by=jin)
    newly("ECL_WEIGHT_UP", "0.2")
    with pytest.raises(WeightsNotOne):
        run_provision(as_of=JANUARY, by=bank.fang)


def test_a_computed_run_says_what_posting_would_book(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 3))
    run = computed(bank, JANUARY)
    rows, difference = bridged(run)
    assert rows["charged"] == run.allowance.fen and difference == 0
    entry = provisions.entries_of(run, JANUARY)[0]
    assert entry.event == results.PROVISION_EVENT and not standing()


def test_an_empty_book_needs_no_allowance(bank: Bank, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 3))
    run = posted(bank, JANUARY, jin)
    assert (run.loans, run.allowance) == (0, Money(0)) and not provisions.entries_of(run, JANUARY)


def test_the_pages_run_show_post_and_take_back(browser: Any, bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 2, 3))
    browser.acts_as(bank.fang)
    assert "2026-01-31" in text_of(browser.get(at("provisions")))
    assert browser.post(at("provisions"), {"as_of": "2026-01-30"}).status_code == 422
    with jobs.in_line():
        assert browser.post(at("provisions"), {"as_of": "2026-01-31", "_once": "p1"}).status_code == 302
        run = ProvisionRun.objects.get()
        assert "计算中" in text_of(browser.get(at("provision", run.number)))
        assert "等待后台开始" in text_of(browser.get(at("provision_progress", run.number)))
        while jobs.run_due():
            clock.tick(1)
    page = text_of(browser.get(at("provision", run.number)))
    assert all(word in page for word in ("待入账", "1,500.00", "拨备变动", "与总账核对", "PROVISION_NORMAL", "城东店"))
    assert loan.number in text_of(browser.get(at("provision_lines", run.number) + "?stage=1&asset_class=normal"))
    assert browser.get(at("provision_lines", run.number) + "?export=xlsx").status_code == 200
    assert run.number not in text_of(browser.get("/tasks/")) and at("provision_post", run.number) not in page
    browser.post(at("provision_post", run.number), {"_once": "p2"})
    run.refresh_from_db()
    assert run.status == "computed", "not by who started it"
    assert run.number in text_of(browser.acts_as(jin).get("/tasks/"))
    browser.post(at("provision_post", run.number), {"_once": "p3"})
    page = text_of(browser.get(at("provision", run.number)))
    assert "已入账" in page and "与总账差额" in page and "J26-" in page
    assert "1,500.00" in text_of(browser.get(f"/servicing/panels/quality/?subject={loan.subject}"))
    assert browser.post(at("provision_reverse", run.number), {"reason": ""}).status_code == 422
    assert browser.post(at("provision_reverse", run.number), {"reason": "参数有误", "_once": "p4"}).status_code == 302
    assert "已冲回" in text_of(browser.get(at("provisions"))) and not standing()
    assert browser.acts_as(WU).get(at("provisions")).status_code == 403


def test_a_page_puts_a_run_aside(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 3))
    run = computed(bank, JANUARY)
    browser.acts_as(bank.fang)
    assert browser.post(at("provision_discard", run.number), {"reason": "参数有误", "_once": "d1"}).status_code == 302
    assert "已作废" in text_of(browser.get(at("provision", run.number)))


def test_a_written_off_loan_uses_its_allowance_and_what_is_recovered_comes_back(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 9, 1))
    first = posted(bank, date(2026, 8, 31), jin)
    assert first.lines.get().stage == 3
    days_pass(bank, date(2026, 9, 3))
    write_off(bank, loan)
    assert len(reading.whole_book(date(2026, 8, 31))) == 1, "on the evening of August it still stood in the books"
    loan.refresh_from_db()
    pay(bank, loan, "20000.00", date(2026, 9, 3))
    days_pass(bank, date(2026, 10, 1))
    second = posted(bank, date(2026, 9, 30), jin)
    rows, difference = bridged(second)
    assert (second.loans, difference, standing()) == (0, 0, Money(0)) and rows["written_off"] == -10_000_000 and rows["recovered"] > 0
    assert sum(second.movement["by_stage"]["written_off"].values()) == -first.allowance.fen
    assert not sum(second.movement["by_stage"]["released"].values())


def test_the_worked_journal(bank: Bank, loan: Loan, jin: Actor) -> None:
    """docs/quality.md: normal in January, 13 days late at the end of February."""
    days_pass(bank, date(2026, 3, 1))
    posted(bank, JANUARY, jin)
    posted(bank, FEBRUARY, jin)
    assert ledger_queries.journal_text("provision:T01") == (
        "2026-01-31 provision T01\n  Dr provision expense  1,500.00\n  Cr provision          1,500.00\n\n"
        "2026-02-28 provision T01\n  Dr provision expense  2,684.56\n  Cr provision          2,684.56"
    )


def test_months_posted_on_one_day_because_theirs_are_closed_still_add_up(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 4, 3))
    for month in (JANUARY, FEBRUARY, MARCH):
        close_period(month=month, business_date=date(2026, 4, 3), by=bank.fang)
    first, second = posted(bank, JANUARY, jin), posted(bank, FEBRUARY, jin)
    assert first.posted_on == second.posted_on == date(2026, 4, 1)
    for run, opening in ((first, 0), (second, first.allowance.fen)):
        rows, difference = bridged(run)
        assert (rows["opening"], rows["closing"], difference) == (opening, run.allowance.fen, 0)
        assert rows["charged"] == run.allowance.fen - opening


def test_the_movement_on_the_page_stands_in_the_columns_of_its_classes(bank: Bank, loan: Loan, jin: Actor) -> None:
    days_pass(bank, date(2026, 3, 1))
    posted(bank, JANUARY, jin)
    run = posted(bank, FEBRUARY, jin)
    run.refresh_from_db()
    table = run_pages.movements_of(run)[0]
    closing = dict(zip(map(str, table.head), ["", *table.rows[-1].values], strict=True))
    assert closing["关注"] == run.allowance.fen and closing["正常"] == 0


def test_the_page_sees_how_far_the_worker_is_and_a_crash_leaves_no_line(bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    days_pass(bank, date(2026, 2, 3))
    with jobs.in_line():
        run = run_provision(as_of=JANUARY, by=bank.fang)
    assert run_pages.job_of(run).state == "waiting"
    seen: list[Any] = []
    plain = writing.moves_between

    def watched(*words: Any) -> Any:
        seen.append(run_pages.job_of(run))
        raise RuntimeError("the machine stops")

    monkeypatch.setattr(writing, "moves_between", watched)
    with pytest.raises(RuntimeError):
        compute_provision(provision_number=run.number, by=SYSTEM)
    assert (seen[0].state, seen[0].percent, str(seen[0].stage)) == ("running", 95, "汇总与变动") and "1 笔" in seen[0].message
    run.refresh_from_db()
    assert run.status == "computing" and not ProvisionLine.objects.exists()
    monkeypatch.setattr(writing, "moves_between", plain)
    done = compute_provision(provision_number=run.number, by=SYSTEM)
    assert done.loans == 1 and run_pages.job_of(done).percent == 100


def test_the_bar_moves_with_the_lines_written() -> None:
    assert [progress.hundredths(progress.WRITING, done, 100_000) for done in (0, 20_000, 80_000)] == [50, 59, 86]
    assert progress.hundredths(progress.READING, 0, 0) == 0 and progress.hundredths(progress.LOSSES, 0, 9) == 25


def test_the_list_of_loans_shows_and_narrows_by_the_class_of_the_last_run_in_the_books(
    browser: Any, bank: Bank, loan: Loan, jin: Actor,
) -> None:
    other = lend(bank, **OTHER_CAR)
    days_pass(bank, date(2026, 3, 5))
    pay(bank, other, "3321.43", date(2026, 2, 15), "L0")
    downgrade_loan(loan_number=loan.number, asset_class="doubtful", reason="涉诉", by=hire(
        "荣", bank.cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH))
    days_pass(bank, date(2026, 4, 2))
    run = computed(bank, MARCH)
    browser.acts_as(bank.fang)

    def listed(query: str) -> str:
        return text_of(browser.get(at("loans") + query))

    assert loan.number not in listed("?class=doubtful"), "not in the books yet"
    post_provision(provision_number=run.number, by=jin)
    chosen = listed("?cols=number,bucket,booked_class")
    assert "可疑" in chosen and "上期分类" in chosen and "M2" in chosen
    bad, good = listed("?class=doubtful"), listed("?class=normal")
    assert loan.number in bad and other.number in bad, "a person's loans share the worst class"
    assert loan.number not in good and other.number not in good
    assert "没有这个选项" in listed("?class=worst")
