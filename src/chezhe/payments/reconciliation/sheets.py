"""The bank reconciliation statement of a day as a spreadsheet: every fen of the difference, with the balances it lies between."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.payments.reconciliation.balances import AccountDay, OpenTally
from chezhe.payments.reconciliation.pages import KIND_STATUSES, LIST_LABELS, TALLY_STATUSES
from chezhe.ui import exports, formats
from chezhe.ui.columns import Column


def day(days: list[AccountDay], on: date, by: Actor) -> tuple[bytes, int]:
    """The sheet, and how many rows it has."""
    rows = [(account, row) for account in days for row in account.open]
    return exports.as_xlsx(_columns(on), rows, title=f"{_('余额调节表')} {formats.day(on)}", notes=_notes(days, by)), len(rows)


def _columns(on: date) -> list[Column]:
    def of(row: tuple[AccountDay, OpenTally]) -> OpenTally:
        return row[1]

    return [
        Column("account", _("账户"), value=lambda row: row[0].account.label),
        Column("list", _("余额调节"), value=lambda row: LIST_LABELS[of(row).reason]),
        Column("number", _("对账编号"), kind="identifier", value=lambda row: of(row).tally.number),
        Column("since", _("起于"), kind="date", value=lambda row: of(row).tally.first_on),
        Column("age", _("已挂"), kind="number", value=lambda row: of(row).tally.age_on(on)),
        Column("amount", _("银行减账务"), kind="money", value=lambda row: of(row).amount),
        Column("kind", _("差异"), kind="status", value=lambda row: KIND_STATUSES[of(row).tally.kind]),
        Column("status", _("状态"), kind="status", value=lambda row: TALLY_STATUSES[of(row).tally.status]),
        Column("note", _("备注"), value=lambda row: of(row).tally.note),
    ]


def _notes(days: list[AccountDay], by: Actor) -> list[tuple[Any, str]]:
    notes: list[tuple[Any, str]] = [(_("导出人"), by.name), (_("导出时间"), formats.moment(clock.now()))]
    for found in days:
        label = found.account.label
        notes += [
            (f"{label} {_('银行期末余额')}", formats.yuan(found.bank.closing_fen)),
            (f"{label} {_('账务期末余额')}", formats.yuan(found.ledger_closing)),
            (f"{label} {_('首份对账单之前的余额')}", formats.yuan(found.bank.anchor_fen)),
            (f"{label} {_('尚未纳入对账')}", formats.yuan(found.waiting_fen)),
            (f"{label} {_('未解释')}", formats.yuan(found.unexplained)),
        ]
    return notes
