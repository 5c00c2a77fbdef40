"""Loans live on: people pay as their hidden life lets them, some early, some late, some not; errors are put right."""

from __future__ import annotations

from datetime import timedelta

from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.identifiers.text import clean
from chezhe.ledger import chart
from chezhe.payments.models import BankLine
from chezhe.servicing import permissions, queries
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.prepay_loan import prepay_loan
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.models import Loan
from chezhe.servicing.receipts import CounterReceipt
from chezhe.simulation import decisions, fates, phone, reminders, securities, small_things, statements
from chezhe.simulation.lives import Payer
from chezhe.simulation.scene import BankReceipt, Scene
from chezhe.simulation.tracks import Track

SETTLES_EARLY, PREPAYS, ERRS, LATE_FOUND = 0.015, 0.02, 0.012, 0.02
# By the life's place among sixty, like a fate; some of them have a phone in hand.
SETTLERS, SOON = frozenset({3, 17, 32, 46}), timedelta(days=10)
PREPAID_LEAST = Money(1_000_000)
_LOOKED_AT = ("number", "status", "oldest_due_on", "next_event_on", "paid_out_on", "principal_left", "unapplied", "fee_due")


def repay(track: Track, scene: Scene) -> None:
    """A day on which something may be due: pay it, put it off, or look whether anything else is wanted."""
    loan = Loan.objects.filter(contract__number=track.contract).only(*_LOOKED_AT).first()
    if loan is None:
        track.waits(scene, 1)
        return
    track.loan = loan.number
    if scene.is_open:
        securities.bring_back(track, scene)
    phone.speak(track, loan, scene)
    phone.hear(track, scene)
    if loan.status == "settled":
        scene.note("settled")
        decisions.after_the_end(track, loan, scene)
        track.goes_on("releasing", scene, 2, 9)
    elif loan.oldest_due_on is not None:
        _owe(track, loan, scene)
    elif scene.is_open and loan.paid_out_on < scene.today:
        _owe_nothing(track, loan, scene)
    else:
        track.waits(scene, 1)


def _owe_nothing(track: Track, loan: Loan, scene: Scene) -> None:
    """Between two dues: settle the whole, pay some of it early, or wait for the next due day."""
    if _settles_soon(track, loan, scene) or scene.happens(SETTLES_EARLY):
        _settle(track, loan, scene)
    elif scene.happens(PREPAYS) and _may_prepay(track, loan):
        _prepay(track, loan, scene)
    else:
        small_things.maybe(track, scene)
        securities.maybe_lend(track, scene)
        if decisions.in_order(track, loan, scene) and track.stage != "repaying":
            return
        track.next_on = loan.next_event_on or scene.today + timedelta(days=30)
        if "lent" in track.memory:
            track.next_on = min(track.next_on, track.memory["lent"][1])
        if _is_soon_rid(track):
            track.next_on = min(track.next_on, max(loan.paid_out_on + SOON, scene.today + timedelta(days=1)))


def _is_soon_rid(track: Track) -> bool:
    """Some have sold something, and want to owe nothing."""
    return track.serial % fates.ROUND in SETTLERS and track.older is None


def _settles_soon(track: Track, loan: Loan, scene: Scene) -> bool:
    return _is_soon_rid(track) and loan.paid_out_on + SOON <= scene.today


def _may_prepay(track: Track, loan: Loan) -> bool:
    """Once between two dues, a sum worth it, and not where interest was charged on the whole at the outset."""
    is_large = loan.principal_left.fen > 4 * PREPAID_LEAST.fen
    return is_large and not loan.fee_due and track.life.method != "flat_equal" and track.memory.get("prepaid_before") != loan.next_event_on


def _owe(track: Track, loan: Loan, scene: Scene) -> None:
    """Somebody prompt pays on the day; the others let days pass first, each in their way."""
    assert loan.oldest_due_on is not None
    due_on = loan.oldest_due_on
    if track.life.payer is Payer.GONE and track.paid >= track.life.pays_first:
        _stay_away(track, loan, scene)
        return
    if track.memory.get("putting_off") != due_on:
        track.memory["putting_off"] = due_on
        low, high = {Payer.FORGETFUL: (2, 26), Payer.STRAINED: (6, 40)}.get(track.life.payer, (0, 0))
        if high:
            track.waits(scene, low, high)
            return
        if scene.happens(0.06):
            track.waits(scene, 1, 3)
            return
    if decisions.owing(track, loan, scene):
        track.waits(scene, 1)
        return
    _pay(track, Loan.objects.select_related("product_version").get(pk=loan.pk), scene)


def _stay_away(track: Track, loan: Loan, scene: Scene) -> None:
    """No money comes; somebody calls and writes for a while."""
    if scene.is_open:
        reminders.remind(track, loan, scene)
    track.waits(scene, 6, 12)
    if scene.is_open:
        decisions.in_arrears(track, loan, scene)


def _pay(track: Track, loan: Loan, scene: Scene) -> None:
    owed = queries.current_position(loan, scene.today).due_total_fen
    share = scene.rng.choice((40, 60, 100)) if track.life.payer is Payer.STRAINED else 100
    extra = scene.rng.choice((0, 0, 0, 1_000)) if track.life.payer is Payer.FORGETFUL else 0
    amount = Money(max(1, owed * share // 100) + extra)
    if track.life.pays_by_transfer:
        _transfer(track, loan, amount, scene)
    elif scene.is_open:
        _pay_at_the_counter(track, loan, amount, scene)
    else:
        track.waits(scene, 1)


def _pay_at_the_counter(track: Track, loan: Loan, amount: Money, scene: Scene) -> None:
    """A slip, sometimes found days later and booked with its own date, sometimes typed in wrongly."""
    late_days = scene.rng.randint(1, 5) if scene.happens(LATE_FOUND) else 0
    paid_on = max(scene.today - timedelta(days=late_days), loan.paid_out_on)
    receipt = CounterReceipt(
        amount=amount, paid_on=paid_on, channel=scene.rng.choice(("bank", "bank", "cash")), payer=track.life.name,
        reference=f"R{loan.number}-{scene.today:%Y%m%d}",
    )
    event = record_repayment(loan_number=loan.number, receipt=receipt, by=scene.who(permissions.RECORD_REPAYMENT, track.branch_code))
    statements.tell(receipt, track, scene)
    scene.note("repayments")
    track.paid += 1
    if scene.happens(ERRS):
        track.memory["wrong"] = event.pk
        track.goes_on("correcting", scene)
    else:
        track.waits(scene, 1)


def correct(track: Track, scene: Scene) -> None:
    """The slip was booked on the wrong account: it is taken back and registered again."""
    loan = Loan.objects.get(number=track.loan)
    event = loan.events.get(pk=track.memory.pop("wrong"))
    teller = scene.who(permissions.REVERSE, track.branch_code)
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="凭证录入有误，冲正后重新登记", by=teller)
    scene.note("reversals")
    waiting = BankLine.objects.filter(bank_serial=event.slip).first()
    if waiting is not None:
        by = scene.who(permissions.MATCH_RECEIPT, track.branch_code)
        match_receipt(bank_serial_number=waiting.bank_serial, loan_number=loan.number, reason="冲正后重新认领", by=by)
    else:
        receipt = CounterReceipt(
            amount=event.amount, paid_on=event.value_on, channel="bank" if event.source == chart.BANK else "cash",
            payer=track.life.name, reference=event.slip,
        )
        record_repayment(loan_number=loan.number, receipt=receipt, by=scene.who(permissions.RECORD_REPAYMENT, track.branch_code))
    scene.note("repayments")
    track.goes_on("repaying", scene)


def _transfer(track: Track, loan: Loan, amount: Money, scene: Scene) -> None:
    """Money on our account: most people write the loan's number, some only pay from their card, a few from another one."""
    fate = scene.rng.random()
    memo = f"还款 {loan.number}" if fate < 0.85 else "还车贷"
    holder = clean(track.life.name) if fate < 0.95 else "李代付"
    account = track.life.card if fate < 0.95 else ""
    scene.receipts.append(BankReceipt(
        branch_code=track.branch_code, value_on=scene.today, amount=amount, serial=f"{scene.today:%Y%m%d}{track.serial:07d}",
        payer_name=holder, payer_account=account, memo=memo, loan_number=loan.number,
    ))
    track.paid += 1
    track.waits(scene, 4, 6)


def _settle(track: Track, loan: Loan, scene: Scene) -> None:
    payoff = queries.settlement_quote(Loan.objects.select_related("product_version").get(pk=loan.pk), scene.today)
    receipt = CounterReceipt(
        amount=payoff.to_pay, paid_on=scene.today, channel="bank", reference=f"S{loan.number}-{scene.today:%Y%m%d}", kind="settled",
        payer=track.life.name,
    )
    phone.ask_to_settle(track, payoff.to_pay, scene)
    settle_loan(loan_number=loan.number, receipt=receipt, by=scene.who(permissions.SETTLE, track.branch_code))
    statements.tell(receipt, track, scene)
    scene.note("settled_early")
    track.waits(scene, 1)


def _prepay(track: Track, loan: Loan, scene: Scene) -> None:
    amount = Money(loan.principal_left.fen // scene.rng.choice((3, 4, 5)) // 100_000 * 100_000)
    receipt = CounterReceipt(
        amount=max(amount, PREPAID_LEAST), paid_on=scene.today, channel="bank", reference=f"P{loan.number}-{scene.today:%Y%m%d}",
        kind="prepaid", mode=scene.rng.choice((PrepaymentMode.REDUCE_INSTALMENT, PrepaymentMode.SHORTEN_TERM)), payer=track.life.name,
    )
    prepay_loan(loan_number=loan.number, receipt=receipt, by=scene.who(permissions.PREPAY, track.branch_code))
    statements.tell(receipt, track, scene)
    scene.note("prepayments")
    track.memory["prepaid_before"] = loan.next_event_on
    track.waits(scene, 1)


STAGES = {"repaying": repay, "correcting": correct}
