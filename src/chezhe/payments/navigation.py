"""The room's place in the rail, its piles of waiting work, and its words in the journal."""

from __future__ import annotations

from datetime import datetime, time

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import clock, subjects, worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Waiting
from chezhe.ledger import vocabulary as journal
from chezhe.payments import permissions, queries
from chezhe.payments.batches import queries as batch_queries
from chezhe.payments.debits import queries as debit_queries
from chezhe.payments.debits.states import reason_label
from chezhe.payments.models import PayoutBatch
from chezhe.payments.reconciliation.pages import KIND_LABELS
from chezhe.payments.states import PAYOUT, VERDICTS, failure_label
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem

_UNANSWERED = worklist.Counted(
    lambda by, sent_before: queries.unanswered_payouts(by, sent_before + queries.FORGOTTEN_AFTER), mark=worklist.LONG_AGO,
    given=lambda: clock.now() - queries.FORGOTTEN_AFTER,
)


def register() -> None:
    """Called once at start-up."""
    see = permissions.VIEW.code
    navigation.register(NavItem(
        "payments.payouts", "contracts", pgettext_lazy("list", "付款"), "payments:payouts", see, icon="send", order=40))
    navigation.register(NavItem("payments.notices", "contracts", _("银行通知"), "payments:notices", see, icon="bell", order=41))
    navigation.register(NavItem("payments.lines", "servicing", _("待清分"), "payments:lines", see, icon="arrows-split", order=30))
    navigation.register(NavItem("payments.files", "servicing", _("银行流水"), "payments:files", see, icon="file-spreadsheet", order=31))
    navigation.register(NavItem(
        "payments.reconciliation", "servicing", _("对账中心"), "payments:reconciliation", see, icon="scale-outline", order=32))
    navigation.register(NavItem(
        "payments.exceptions", "servicing", _("对账差异"), "payments:exceptions", see, icon="list-search", order=33))
    navigation.register_quick(_("导入银行流水"), "payments:import", permissions.IMPORT_BANK_FILE.code, icon="upload", order=60)
    navigation.register(NavItem(
        "payments.mandates", "servicing", _("代扣授权"), "payments:mandates", permissions.VIEW_MANDATES.code, icon="signature", order=26))
    navigation.register(NavItem(
        "payments.settlements", "servicing", _("渠道清算"), "payments:settlements", see, icon="building-bank", order=27))
    panels.register("customer", "mandates", _("代扣授权"), "payments:mandates_of", permissions.VIEW_MANDATES.code, order=55)
    subjects.register("mandate", debit_queries.open_mandate)
    journal.name_event("debit_collected", _("代扣收款"))
    journal.name_event("debit_returned", _("代扣冲回"))
    journal.name_event("channel_settled", _("渠道清算"))
    journal.name_event("channel_arrived", _("渠道款到账"))
    navigation.register(NavItem("payments.batches", "contracts", _("批量付款"), "payments:batches", see, icon="files", order=42))
    subjects.register("payout_batch", queries.open_batch)
    subjects.register("payout", queries.open_payout)
    subjects.register("bank_file", queries.open_file)
    subjects.register("tally", queries.open_tally)
    journal.name_event("payout_paid", _("付款"))
    journal.name_event("payout_returned", _("付款退回"))
    journal.name_event("bank_receipt", _("银行收款"))
    journal.name_event("receipt_taken_back", _("银行冲回收款"))
    journal.name_event("receipt_booked_before", _("流水与柜面登记合并"))
    for pile in _piles():
        worklist.register(pile)


def _piles() -> list[worklist.Pile]:
    return [
        worklist.Pile("payments.failed", _("付款失败待处理"), "payments:payouts", permissions.RETRY_PAYOUT.code,
                      worklist.Counted(queries.failed_payouts), _failed, icon="alert-triangle", order=30,
                      verb=_("重发"), query="status=failed"),
        worklist.Pile("payments.unanswered", _("银行久未答复的付款"), "payments:payouts", permissions.RETRY_PAYOUT.code,
                      _UNANSWERED, _unanswered, icon="clock", order=30,
                      verb=pgettext_lazy("link", "查看"), query="status=sent"),
        worklist.Pile("payments.batchable", _("待生成批量文件的付款"), "payments:payouts", permissions.MAKE_BATCH.code,
                      worklist.Counted(batch_queries.waiting), _batchable, icon="files", order=29,
                      verb=_("生成批量付款文件"), query="status=requested"),
        worklist.Pile("payments.batches", _("待发出的批量付款"), "payments:batches", permissions.SEND_BATCH.code,
                      worklist.Counted(batch_queries.unsent), lambda actor, most: _batches(batch_queries.unsent(actor), most),
                      icon="send", order=29, verb=_("发出批量付款文件"), query="status=made"),
        worklist.Pile("payments.unanswered_batches", _("待银行回盘的批量付款"), "payments:batches", permissions.IMPORT_BATCH_ANSWER.code,
                      worklist.Counted(batch_queries.unanswered), lambda actor, most: _batches(batch_queries.unanswered(actor), most),
                      icon="upload", order=30, verb=_("导入批量付款回盘"), query="status=sent"),
        worklist.Pile("payments.notices", _("银行通知待核对"), "payments:notices", permissions.RESOLVE_NOTICE.code,
                      worklist.Counted(queries.troubling_notices), _troubling, icon="bell", order=31,
                      verb=_("核对"), query="open=yes"),
        worklist.Pile("payments.lines", pgettext_lazy("pile", "待清分款项"), "payments:lines", permissions.IMPORT_BANK_FILE.code,
                      worklist.Counted(lambda by: queries.waiting_lines(by).filter(status="open")), _waiting, icon="arrows-split", order=40,
                      verb=_("入账"), query="status=open"),
        worklist.Pile("payments.mandates", _("代扣授权已暂停"), "payments:mandates", permissions.SIGN_MANDATE.code,
                      worklist.Counted(debit_queries.suspended), _suspended, icon="signature", order=41,
                      verb=_("联系客户"), query="status=suspended"),
        worklist.Pile("payments.settlements", _("渠道对账不符"), "payments:settlements", permissions.RESOLVE_NOTICE.code,
                      worklist.Counted(debit_queries.differing), _differing, icon="building-bank", order=32,
                      verb=_("核对"), query="status=differs"),
        worklist.Pile("payments.exceptions", _("对账差异待处理"), "payments:exceptions", permissions.RECONCILE.code,
                      worklist.Counted(queries.open_tallies), _unreconciled, icon="list-search", order=42,
                      verb=_("处理"), query="status=open"),
    ]


def _unreconciled(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.open_tallies(actor).order_by("first_on", "id")[:most]
    return [
        Waiting(tally.number, reverse("payments:tally", args=[tally.number]), None, str(KIND_LABELS[tally.kind]), tally.difference,
                datetime.combine(tally.first_on, time(), clock.SHANGHAI))
        for tally in rows
    ]


def _suspended(actor: Actor, most: int) -> list[Waiting]:
    rows = debit_queries.suspended(actor).select_related("customer", "account").order_by("pk")[:most]
    return [
        Waiting(f"{m.number} {m.customer.masked_name}", reverse("payments:mandate", args=[m.number]), None, reason_label(m.stop_code), None,
                m.signed_at)
        for m in rows
    ]


def _differing(actor: Actor, most: int) -> list[Waiting]:
    rows = debit_queries.differing(actor).order_by("day")[:most]
    return [Waiting(f"{s.number} {s.day}", reverse("payments:settlement", args=[s.number]), None, "", s.net) for s in rows]


def _failed(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.failed_payouts(actor).order_by("settled_at")[:most]
    return [
        Waiting(f"{p.number} {p.masked_name}", reverse("payments:payout", args=[p.number]), None, failure_label(p.failure_code), p.amount,
                p.settled_at)
        for p in rows
    ]


def _unanswered(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.unanswered_payouts(actor, clock.now()).order_by("sent_at")[:most]
    return [
        Waiting(f"{p.number} {p.masked_name}", reverse("payments:payout", args=[p.number]), None, PAYOUT.label(p.status), p.amount,
                p.sent_at)
        for p in rows
    ]


def _troubling(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.troubling_notices(actor).order_by("id")[:most]
    return [
        Waiting(n.bank_reference, reverse("payments:notice", args=[n.notice_id]), None, str(VERDICTS[n.verdict]), n.amount, n.received_at)
        for n in rows
    ]


def _waiting(actor: Actor, most: int) -> list[Waiting]:
    rows = queries.waiting_lines(actor).filter(status="open").select_related("file").order_by("value_on")[:most]
    return [
        Waiting(line.masked_payer or line.bank_serial, reverse("payments:file", args=[line.file.number]), None, line.outcome, line.amount,
                line.file.imported_at)
        for line in rows
    ]


def _batchable(actor: Actor, most: int) -> list[Waiting]:
    rows = batch_queries.waiting(actor).order_by("requested_at")[:most]
    return [
        Waiting(f"{p.number} {p.masked_name}", reverse("payments:payout", args=[p.number]), None, "", p.amount, p.requested_at)
        for p in rows
    ]


def _batches(rows: QuerySet[PayoutBatch], most: int) -> list[Waiting]:
    return [
        Waiting(b.number, reverse("payments:batch", args=[b.number]), None, "", b.amount, b.sent_at or b.made_at)
        for b in rows.order_by("id")[:most]
    ]
