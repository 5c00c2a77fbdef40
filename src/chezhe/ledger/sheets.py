"""The account statement and the trial balance as spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.ledger.queries import Statement, TrialBalance, TrialRow
from chezhe.ledger.vocabulary import event_label
from chezhe.ui import exports, formats
from chezhe.ui.columns import Column


def statement(said: Statement, title: str, by: Actor) -> bytes:
    """Every line with the running balance; opening and closing stand in the notes."""
    columns = [
        Column("day", _("记账日期"), kind="date", value=lambda row: row.line.posted_on),
        Column("entry", pgettext("entry", "凭证号"), kind="identifier", value=lambda row: row.line.entry.number),
        Column("event", pgettext("event", "事项"), value=lambda row: event_label(row.line.entry.event)),
        Column("account", _("科目"), value=lambda row: str(row.line.account)),
        Column("owner", _("归属"), kind="identifier", value=lambda row: row.line.owner),
        Column("debit", _("借方"), kind="money", value=lambda row: Money(row.line.debit_fen)),
        Column("credit", _("贷方"), kind="money", value=lambda row: Money(row.line.credit_fen)),
        Column("balance", _("余额"), kind="money", value=lambda row: row.balance),
    ]
    ends = [(_("期初余额"), formats.yuan(said.opening)), (_("期末余额"), formats.yuan(said.closing))]
    return exports.as_xlsx(columns, said.rows, title=title, notes=_notes(by, ends))


def trial_balance(trial: TrialBalance, by: Actor) -> bytes:
    """Every account with its turnover and balance; the difference stands in the notes."""
    columns = [
        Column("account", _("科目"), value=lambda row: str(row.account)),
        Column("kind", _("类别"), value=lambda row: row.account.get_kind_display()),
        *(Column(name, label, kind="money") for name, label in (
            ("opening_debit", _("期初借方余额")), ("opening_credit", _("期初贷方余额")), ("debit_turnover", _("本期借方发生额")),
            ("credit_turnover", _("本期贷方发生额")), ("debit", _("期末借方余额")), ("credit", _("期末贷方余额")),
        )),
    ]
    rows: Sequence[TrialRow] = trial.rows
    sums = [
        (_("借方余额合计"), formats.yuan(trial.debit)), (_("贷方余额合计"), formats.yuan(trial.credit)),
        (_("差额"), formats.yuan(trial.difference)), (_("本期发生额差额"), formats.yuan(trial.turnover_difference)),
    ]
    days = f"{formats.day(trial.since)} – {formats.day(trial.on)}" if trial.since else formats.day(trial.on)
    return exports.as_xlsx(columns, rows, title=f"{_('试算平衡')} {days}", notes=_notes(by, sums))


def _notes(by: Actor, figures: list[tuple[str, str]]) -> list[tuple[Any, str]]:
    return [(_("导出人"), by.name), (_("导出时间"), formats.moment(clock.now())), *figures]
