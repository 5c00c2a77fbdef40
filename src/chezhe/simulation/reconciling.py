"""The end of a month at the bank: what left our accounts is told, and finance lays the sides beside one another."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.ledger import chart
from chezhe.ledger.models import MANUAL, Line
from chezhe.payments import permissions
from chezhe.payments.actions.accept_match import accept_match
from chezhe.payments.actions.explain_tally import explain_tally
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import Payout, StatementLine, Tally
from chezhe.payments.reconciliation import proposing, rules
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene

HEADING = "交易日期,金额,支出金额,流水号,对方户名,对方账号,摘要"
SURE_ENOUGH = 60
EXPLAINED_AFTER = timedelta(days=10)


def bring_payout_statement(scene: Scene) -> None:
    """The statements of both accounts of all that none has told yet and that no branch's statement tells."""
    told = set(StatementLine.objects.values_list("account", "bank_serial"))
    until = datetime.combine(scene.today, time.min, clock.SHANGHAI)  # the bank's files of this morning may be answered or not
    payouts = Payout.objects.filter(status__in=["paid", "returned"], settled_at__lt=until).order_by("id")
    left = [row for payout in payouts if (chart.BANK_PAYOUT, payout.bank_serial) not in told for row in _payout_rows(payout)]
    for account, rows in ((chart.BANK_PAYOUT, left), (chart.BANK, [])):
        rows += [_row_by_hand(line) for line in _by_hand(account) if (account, _serial(line)) not in told]
        if rows:
            content, name = "\n".join([HEADING, *rows, ""]).encode(), f"{account}-{scene.today:%Y%m%d}.csv"
            teller = scene.who(permissions.IMPORT_BANK_FILE, BRANCHES[0][0])
            import_bank_file(content=content, name=name, account=account, by=teller)


def _payout_rows(payout: Payout) -> list[str]:
    """The order, and its coming back when it did."""
    on = payout.settled_at.astimezone(clock.SHANGHAI).date() if payout.settled_at else None
    party = f"{payout.payee_name},****{payout.payee_tail},放款 {payout.bank_reference}"
    left = f"{on},,{payout.amount},{payout.bank_serial},{party}"
    return [left, f"{on},{payout.amount},,{payout.bank_serial},{party} 退回"] if payout.status == "returned" else [left]


def _by_hand(account: str) -> list[Line]:
    """What finance booked by hand as paid in or taken by the bank, and still stands."""
    standing = Line.objects.filter(entry__event=MANUAL, entry__reversal__isnull=True, account__code=account)
    return list(standing.select_related("entry").order_by("id"))


def _row_by_hand(line: Line) -> str:
    came, went = (Money(fen) if fen else "" for fen in (line.debit_fen, line.credit_fen))
    return f"{line.entry.posted_on},{came},{went},{_serial(line)},示例银行,,{line.entry.memo}"


def _serial(line: Line) -> str:
    return f"C{line.entry.posted_on:%y%m%d}{line.entry_id}"


def reconcile(scene: Scene) -> None:
    """Finance joins what is plainly the same money, and says why the days of old slips differ."""
    by = scene.who(permissions.RECONCILE, BRANCHES[0][0])
    reconcile_accounts(by=by)
    for offer in proposing.offers(scene.today):
        if offer.confidence >= SURE_ENOUGH and not offer.is_rivalled:
            accept_match(first_number=offer.first.number, second_number=offer.second.number, by=by)
            scene.note("matched")
    old = Tally.objects.filter(kind=rules.DAY_DIFFERS, status="open", last_on__lte=scene.today - EXPLAINED_AFTER)
    for tally in old.order_by("id"):
        explain_tally(tally_number=tally.number, reason="凭证晚到，按实际到账日补登", by=by)
        scene.note("explained")


ERRANDS = (bring_payout_statement, reconcile)
