"""How values read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel.clock import SHANGHAI
from chezhe.ui import formats
from chezhe.ui.parts import Job, Journal, JournalLine, Sla
from chezhe.ui.status import Status, status_html


@pytest.mark.parametrize(("value", "text"), [
    (123456780, "¥1,234,567.80"), (Money(123456780), "¥1,234,567.80"), (0, "¥0.00"), (-50000, "\u2212¥500.00"), (-1, "\u2212¥0.01"),
    (None, "—"), ("", "—"), (5, "¥0.05"),
])
def test_money_reads_in_yuan_with_two_decimals(value: object, text: str) -> None:
    assert formats.money(value) == text


@pytest.mark.parametrize("value", [1.5, "12", Decimal("3"), True])
def test_money_refuses_what_is_not_whole_fen(value: object) -> None:
    with pytest.raises(TypeError):
        formats.money(value)


def test_a_negative_amount_is_marked_by_sign_and_by_colour() -> None:
    assert str(formats.money_html(-1200)) == '<span class="money is-negative">\u2212¥12.00</span>'


@pytest.mark.parametrize(("fraction", "text"), [
    (Decimal("0.1188"), "11.88%"), (Decimal("0.118850"), "11.89%"), (Decimal("-0.005"), "\u22120.50%"), (0, "0.00%"), (None, "—"),
])
def test_a_rate_reads_in_percent_rounded_half_up(fraction: object, text: str) -> None:
    assert formats.rate(fraction) == text


@pytest.mark.parametrize(("value", "text"), [(Decimal("0.2505"), "0.251"), (4.5, "4.500"), (Decimal("-0.01"), "\u22120.010"), (None, "—")])
def test_an_index_reads_as_a_pure_number(value: object, text: str) -> None:
    assert formats.index(value) == text


def test_days_and_moments_read_in_shanghai_time() -> None:
    moment = datetime(2026, 11, 23, 14, 5, tzinfo=SHANGHAI)
    assert (formats.day(date(2026, 1, 5)), formats.moment(moment), formats.day(None)) == ("2026-01-05", "2026-11-23 14:05", "—")


def test_a_status_has_words_and_an_icon_and_escapes_the_words() -> None:
    html = str(status_html(Status("<b>逾期</b>", "danger")))
    assert "&lt;b&gt;逾期" in html and "#alert-octagon" in html and "tag-danger" in html


def test_a_status_of_unknown_tone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="unknown tone"):
        Status("x", "pink")


@pytest.mark.parametrize(("left", "tone", "text"), [
    (timedelta(hours=18, minutes=12), "good", "剩 18 小时 12 分"), (timedelta(hours=6), "warning", "剩 6 小时 0 分"),
    (timedelta(seconds=-60), "danger", "已超时 1 分"), (timedelta(hours=24), "good", "剩 1 天 0 小时"),
])
def test_time_left_turns_amber_in_the_last_quarter_and_red_after(left: timedelta, tone: str, text: str) -> None:
    sla = Sla(left, timedelta(hours=24))
    assert (sla.tone, sla.text) == (tone, text)


def test_a_journal_knows_whether_it_balances() -> None:
    lines = [JournalLine("银行存款", debit=Money(100)), JournalLine("贷款本金", credit=Money(99))]
    assert not Journal(None, "还款", lines).is_balanced
    assert Journal(None, "还款", [*lines, JournalLine("利息", credit=1)]).is_balanced


def test_a_running_job_never_claims_to_be_done() -> None:
    assert Job("日终", "running", 9999, 10000).percent == 99
    assert Job("日终", "running", 10000, 10000).percent == 99
    assert Job("日终", "done").percent == 100
