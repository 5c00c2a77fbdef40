"""View-models of reconciliation: a business day side by side, what is open, and one tally."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, moves
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import Line
from chezhe.payments import queries
from chezhe.payments.models import BankNotice, ChannelFile, Tally, TallyItem, mask_payee
from chezhe.payments.reconciliation import balances, proposing, rules
from chezhe.payments.reconciliation.accounts import LABELS
from chezhe.payments.reconciliation.proposing import Offer
from chezhe.payments.reconciliation.suggesting import BULK_MIN
from chezhe.payments.states import OUTCOME_LABELS, TALLY, VERDICTS
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

KIND_LABELS = {
    "bank_only": gettext_lazy("仅银行有"), "channel_only": gettext_lazy("仅渠道有"), "ledger_only": gettext_lazy("仅账务有"),
    "bank_missing": gettext_lazy("银行缺"), "channel_missing": gettext_lazy("渠道缺"), "ledger_missing": gettext_lazy("账务缺"),
    "amount_differs": gettext_lazy("金额不符"), "doubled": gettext_lazy("重复"), "day_differs": gettext_lazy("日期不符"),
}
_GRAVE = ("channel_only", "ledger_missing", "amount_differs", "doubled")
KIND_STATUSES = {
    "": Status(gettext_lazy("一致"), "good"),
    **{kind: Status(label, "danger" if kind in _GRAVE else "warning") for kind, label in KIND_LABELS.items()},
}
TALLY_STATUSES = {"open": Status(TALLY.labels["open"], "warning"), "explained": Status(TALLY.labels["explained"], "neutral")}
BUCKET_LABELS = {
    "fresh": gettext_lazy("0–1 天"), "week": gettext_lazy("2–7 天"), "month": gettext_lazy("8–30 天"), "old": gettext_lazy("30 天以上"),
}
# The lists of a bank reconciliation statement, by the words accountants know them under.
LIST_LABELS = {
    "bank_in": gettext_lazy("银行已收、账务未收"), "bank_out": gettext_lazy("银行已付、账务未付"),
    "books_in": gettext_lazy("账务已收、银行未收"), "books_out": gettext_lazy("账务已付、银行未付"),
    "differs": gettext_lazy("双方金额不符"),
}
_REASONS = {
    "amount": gettext_lazy("金额相同"), "amount_near": gettext_lazy("金额相差 %(given)s 元"), "same_day": gettext_lazy("同一天"),
    "days_apart": gettext_lazy("相隔 %(given)s 天"), "name": gettext_lazy("户名相同"), "name_masked": gettext_lazy("户名（含星号）相符"),
    "tail": gettext_lazy("账号尾号 %(given)s"), "token": gettext_lazy("附言同有 %(given)s"),
}
ROWS_SHOWN, OFFERS_SHOWN = 50, 20


def reason_words(code: str, given: str) -> str:
    """What speaks for a match, as a person reads it."""
    return str(_REASONS[code]) % {"given": given}


@dataclass(frozen=True, slots=True)
class List:
    """One of the five lists of an account, with its first rows."""

    label: Any
    count: int
    amount: Money
    rows: list[balances.OpenTally]

    @property
    def hidden(self) -> int:
        return self.count - len(self.rows)


@dataclass(frozen=True, slots=True)
class AccountCard:
    """One account of the day for the template."""

    day: balances.AccountDay
    rows: list[tuple[Any, Money, Money, bool]]
    lists: list[List]
    gaps: list[tuple[str, Money]]

    @property
    def title(self) -> str:
        return f"{self.day.account.label} {self.day.account.code}"

    @property
    def tail(self) -> str:
        return f"****{self.day.account.tail}" if self.day.account.number else "—"

    @property
    def anchor(self) -> Money:
        return Money(self.day.bank.anchor_fen)

    @property
    def waiting(self) -> Money:
        return Money(self.day.waiting_fen)

    @property
    def stated(self) -> Money | None:
        return None if self.day.bank.stated_fen is None else Money(self.day.bank.stated_fen)


def account_cards(on: date) -> list[AccountCard]:
    """Every account of ours at the end of a day."""
    return [_card(day) for day in balances.day_of(on)]


def _card(day: balances.AccountDay) -> AccountCard:
    bank, books = day.bank, day.ledger_flow
    rows = [
        (_("期初余额"), Money(bank.opening_fen), day.ledger_opening, False),
        (_("本日收入"), Money(bank.flow.in_fen), Money(books.in_fen), False),
        (_("本日支出"), Money(-bank.flow.out_fen), Money(-books.out_fen), False),
        (_("期末余额"), Money(bank.closing_fen), day.ledger_closing, True),
    ]
    lists = []
    for reason, count, amount in day.by_reason:
        newest = sorted((row for row in day.open if row.reason == reason), key=lambda row: row.tally.first_on, reverse=True)
        lists.append(List(LIST_LABELS[reason], count, amount, newest[:ROWS_SHOWN]))
    return AccountCard(day, rows, lists, [_gap(gap) for gap in bank.gaps])


def _gap(gap: rules.Gap) -> tuple[str, Money]:
    sentence = _("%(on)s 对账单的期初余额与此前逐笔累计不符") if gap.before else _("%(on)s 对账单的期末余额与当日逐笔合计不符")
    return sentence % {"on": gap.on}, Money(gap.fen)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """What one side says went through the channel on the day."""

    label: Any
    count: int
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """The channel's day: its files, and the three sides' sums of what went through it."""

    files: list[ChannelFile]
    rows: list[ChannelRow]

    @property
    def agrees(self) -> bool:
        return len({(row.count, row.amount) for row in self.rows}) == 1


def channel_card(on: date) -> ChannelCard:
    """Payouts and returns of one day as channel, bank and ledger have them."""
    found = TallyItem.objects.filter(account=chart.BANK_PAYOUT, on=on, key__regex=r"^(order|return):").values("side").annotate(
        count=Count("id"), fen=Sum("amount"), kept=Sum("fee"),
    ).order_by()
    sides = {row["side"]: row for row in found}
    labels = {"channel": _("渠道对账文件"), "bank": _("银行对账单"), "ledger": _("账务")}
    rows = [
        ChannelRow(label, sides[side]["count"], _money(sides[side]["fen"]), _money(sides[side]["kept"])) if side in sides
        else ChannelRow(label, 0, Money(0), Money(0))
        for side, label in labels.items()
    ]
    return ChannelCard(list(ChannelFile.objects.filter(day=on).order_by("id")), rows)


def _money(found: Money | int | None) -> Money:
    return found if isinstance(found, Money) else Money(int(found or 0))


@dataclass(frozen=True, slots=True)
class Clearing:
    """A clearing account: what stands on it, what is known to lie there, and what does not come to nothing by itself."""

    label: Any
    balance: Money
    known: Money
    url: str
    loose: list[tuple[str, str, Money]]

    @property
    def difference(self) -> Money:
        return self.balance - self.known


def clearings(on: date) -> list[Clearing]:
    """Money on its way at the end of a day: in transit by sums that do not cancel out, in suspense (today only) line by line."""
    loose = _loose(chart.FUNDS_IN_TRANSIT, on)
    found = [Clearing(
        _("在途资金"), ledger_queries.balance(chart.FUNDS_IN_TRANSIT, on=on), Money(sum(row[2].fen for row in loose)),
        f"{reverse('ledger:statement')}?account={chart.FUNDS_IN_TRANSIT}", loose[:ROWS_SHOWN],
    )]
    if on == business_date.current():
        clearing = queries.clearing()
        found.append(Clearing(_("待清分款项"), clearing.in_suspense, clearing.waiting, reverse("payments:lines"), []))
    return found


def _loose(account: str, on: date) -> list[tuple[str, str, Money]]:
    """What went out for one thing and was booked as another comes to nothing sum by sum; of the rest, the last lines."""
    lines = Line.objects.filter(account__code=account, posted_on__lte=on)
    sums = lines.annotate(size=F("debit_fen") + F("credit_fen")).values("size").annotate(net=Sum(F("debit_fen") - F("credit_fen")))
    left = {int(row["size"]): int(row["net"]) for row in sums.order_by() if row["net"]}
    found = []
    sized = lines.annotate(size=F("debit_fen") + F("credit_fen")).filter(size__in=left)
    for line in sized.select_related("entry").order_by("-transfer_id"):
        fen = line.debit_fen - line.credit_fen
        if left.get(line.size, 0) * fen > 0:  # type: ignore[attr-defined]
            left[line.size] -= fen  # type: ignore[attr-defined]
            found.append((line.owner or line.entry.reference, line.entry.number, Money(fen)))
    return found


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A suggestion for the template: both ends in words."""

    offer: Offer
    ends: list[tuple[Tally, list[TallyItem]]]
    reasons: list[str]

    @property
    def tone(self) -> str:
        return "good" if self.offer.confidence >= BULK_MIN and not self.offer.is_rivalled else "warning"

    @property
    def confidence(self) -> Status:
        return Status(f"{self.offer.confidence} %", self.tone)


def offer_rows(offers: list[Offer]) -> list[OfferRow]:
    """With the items of both ends, read at once."""
    items = items_by_tally([tally.pk for offer in offers for tally in (offer.first, offer.second)])
    return [
        OfferRow(offer, [(tally, items[tally.pk]) for tally in (offer.first, offer.second)],
                 [reason_words(reason.code, reason.given) for reason in offer.said.reasons])
        for offer in offers
    ]


@dataclass(frozen=True, slots=True)
class DoubleRow:
    """A receipt and what the counter booked of it, in words."""

    double: proposing.Double
    item: TallyItem
    reasons: list[str]


def double_rows(on: date) -> list[DoubleRow]:
    """Receipts that may be booked twice."""
    found = proposing.doubles(on)[:OFFERS_SHOWN]
    items = items_by_tally([double.tally.pk for double in found])
    return [
        DoubleRow(double, items[double.tally.pk][0], [reason_words(reason.code, reason.given) for reason in double.said.reasons])
        for double in found
    ]


def items_by_tally(keys: list[int]) -> dict[int, list[TallyItem]]:
    """Their items with what stands behind them, oldest first."""
    found: dict[int, list[TallyItem]] = {key: [] for key in keys}
    rows = TallyItem.objects.filter(tally__in=keys).select_related("bank_line", "statement_line", "channel_line__file", "entry")
    for item in rows.defer("bank_line__payer_account").order_by("id"):
        found[item.tally_id].append(item)
    return found


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item as a person reads it: who stands on the other end, and where it can be looked at."""

    item: TallyItem
    party: str
    memo: str
    url: str


def item_row(item: TallyItem) -> ItemRow:
    """Names stay masked; the link is the side's own page."""
    if item.bank_line is not None:
        line = item.bank_line
        url = f"{reverse('payments:lines')}?q={line.bank_serial}"
        return ItemRow(item, f"{line.masked_payer} {line.masked_account}".strip(), line.memo, url)
    if item.statement_line is not None:
        other = item.statement_line
        return ItemRow(item, f"{mask_payee(other.party_name)} {other.party_tail and '****' + other.party_tail}".strip(), other.memo, "")
    if item.channel_line is not None:
        told = item.channel_line
        return ItemRow(item, "", _("%(file)s 第 %(row)s 行") % {"file": told.file.name, "row": told.row_number}, "")
    assert item.entry is not None
    return ItemRow(item, item.subject, item.entry.memo, reverse("ledger:entry", args=[item.entry.number]))


@dataclass(frozen=True, slots=True)
class Side:
    """A column of the tally's page."""

    label: Any
    rows: list[ItemRow]


def sides_of(tally: Tally) -> list[Side]:
    """The three sides of one tally."""
    labels = {"bank": _("银行"), "channel": _("渠道"), "ledger": _("账务")}
    rows = [item_row(item) for item in items_by_tally([tally.pk])[tally.pk]]
    return [Side(label, [row for row in rows if row.item.side == side]) for side, label in labels.items()]


@dataclass(frozen=True, slots=True)
class Told:
    """A notice of the channel about the order, and what was made of it."""

    notice: BankNotice
    outcome: Any
    verdict: Any


def told_of(tally: Tally) -> list[Told]:
    """What the channel called back with about the orders of this tally, oldest first."""
    keys = tally.items.filter(key__regex=r"^(order|return):").values_list("key", flat=True)
    orders = {key.partition(":")[2] for key in keys}
    notices = BankNotice.objects.filter(bank_reference__in=orders).order_by("id") if orders else []
    return [Told(notice, OUTCOME_LABELS.get(notice.outcome, notice.outcome), VERDICTS[notice.verdict]) for notice in notices]


def restorable(sides: list[Side]) -> str:
    """The serial of a receipt here that left suspense and may be put back; empty when there is none."""
    lines = [row.item.bank_line for side in sides for row in side.rows if row.item.bank_line is not None]
    left = any(row.item.reference.startswith("bank-line-out:") for side in sides for row in side.rows)
    return next((line.bank_serial for line in lines if left and line.status in ("returned", "matched")), "")


def takes_back(sides: list[Side]) -> bool:
    """Whether the bank took a receipt back here."""
    return any(row.item.statement_line is not None and row.item.statement_line.takes_back for side in sides for row in side.rows)


VERBS = {
    "match": gettext_lazy("勾对"), "refuse_match": gettext_lazy("否定建议"), "break_match": gettext_lazy("拆开"),
    "assign": gettext_lazy("指定负责人"), **{verb: TALLY.labels[verb] for verb in ("explain", "reopen")},
}


def track_of(tally: Tally) -> list[Happening]:
    """What people did with it, newest first."""
    made = [
        Happening(move.moved_at, VERBS.get(move.verb, move.verb), move.actor_name, move.reason, icon="point")
        for move in moves.history(tally.subject)
    ]
    return made[::-1]


def offers_for(tally: Tally, on: date) -> list[OfferRow]:
    """Suggestions in which this tally takes part."""
    if not tally.is_exception:
        return []
    found = [offer for offer in proposing.offers(on, account=tally.account) if tally.pk in (offer.first.pk, offer.second.pk)]
    return offer_rows(found)


def account_label(code: str) -> str:
    return str(LABELS.get(code, code))
