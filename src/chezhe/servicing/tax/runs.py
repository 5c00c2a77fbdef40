"""The VAT of a month: asked for, computed by the worker, posted by a second person, and taken back as a whole."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, jobs, locks, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, require_reason
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent
from chezhe.servicing import monthly, steps
from chezhe.servicing.states import COMPUTED_OPEN
from chezhe.servicing.tax import postings, reading, rules
from chezhe.servicing.tax.figures import figures_on
from chezhe.servicing.tax.models import VAT_PREFIX, VatRun
from chezhe.servicing.tax.reading import Key
from chezhe.servicing.tax.rules import Books
from chezhe.servicing.tax.states import VAT

_LOCK = "servicing.vat"
VAT_EVENT = "vat"


class VatMonthNotOver(BusinessError):
    code = "month_not_over"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("%(as_of)s 尚未日终，月末日终完成后才能计提增值税；业务日期是 %(today)s。")


class VatNotNextMonth(BusinessError):
    code = "vat_not_next"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("增值税已计提到 %(last)s，接下来应计提 %(next)s，不能计提 %(as_of)s。")


class LaterVatStands(BusinessError):
    code = "later_vat_stands"
    sentence = gettext_lazy("%(number)s（%(as_of)s）在此之后已入账，请先冲回它。")


class VatOutOfDate(BusinessError):
    code = "vat_out_of_date"
    sentence = gettext_lazy("计算之后该月又有收入入账，或上期计提有变动，请作废后重新计提。")


def begin(as_of: date, *, by: Actor) -> VatRun:
    """Ask for the VAT of the month that ends with `as_of`; a month that has one already gives it.

    Raises Invalid, VatMonthNotOver or VatNotNextMonth (422), and what `figures_on` raises (409).
    """
    locks.hold(_LOCK)
    standing = VatRun.objects.filter(as_of=as_of, status__in=COMPUTED_OPEN).first()
    if standing is not None:
        return standing
    today, last = business_date.current(), last_posted()
    _require_next(as_of, today, last)
    figures = figures_on(as_of)
    run = VatRun.objects.create(
        number=numbers.next_number(VAT_PREFIX, today), as_of=as_of, since=last.since if last else as_of.replace(day=1) - timedelta(days=1),
        previous=last, taxpayer=figures.taxpayer, rate=figures.rate, source=figures.source, started_by_id=by.user_id,
        started_by_name=by.name, started_at=clock.now(),
    )
    moves.record(run.subject, "run", "", run.status, by=by)
    jobs.enqueue("servicing.compute_vat", number=run.number)
    run.refresh_from_db()
    return run


def _require_next(as_of: date, today: date, last: VatRun | None) -> None:
    monthly.require_over(as_of, today, not_end=_("计提日须为月末。"), not_over=VatMonthNotOver)
    if last is not None and as_of != (due := monthly.month_after(last.as_of)):
        raise VatNotNextMonth(last=last.as_of, next=due, as_of=as_of)


def last_posted() -> VatRun | None:
    """The run up to which tax has been booked."""
    return monthly.last_posted(VatRun)


def compute(run: VatRun, *, by: Actor) -> VatRun:
    """Work out what of each loan is taxed now and was not before; `run` is locked. A run that is done stays as it is."""
    if run.status != "computing":
        return run
    loans, more_taken_back = reading.loans_since(run.since, run.as_of)
    before, none = reading.taxed_before(), (0,) * len(rules.ITEMS)
    lines = [(loan, bases, rules.taxes_of(bases, run.rate)) for loan in loans
             if any(bases := rules.less(loan.sums, before.get(loan.loan, none)))]
    reading.write_lines(run.pk, lines)
    run.books = asdict(reading.books(run.since, run.as_of, more_taken_back))
    run.loans = len(lines)
    run.base, run.tax = Money(sum(sum(bases) for _loan, bases, _taxes in lines)), Money(sum(sum(taxes) for _loan, _bases, taxes in lines))
    run.deferred = Money(sum(_deferred(run).values()))
    run.computed_at = clock.now()
    run.save()
    moves.move(run, VAT, "compute", by=by)
    events.publish("vat.computed", run.subject, {"number": run.number, "as_of": run.as_of.isoformat(), "loans": run.loans})
    return run


def _deferred(run: VatRun) -> dict[Key, int]:
    """What the books shall hold as tax to come: the tax within the interest that is earned and not yet due."""
    return {key: rules.tax_within(max(0, fen), run.rate) for key, fen in reading.not_due(run.as_of).items()}


def entries_of(run: VatRun, on: date) -> list[EntryContent]:
    """The entries that post the run on `on`: one a product and branch."""
    taxes, target, standing = reading.totals_of(run.pk), _deferred(run), reading.deferred(on)
    keys = sorted({*taxes, *target, *standing}, key=lambda key: (key[0], key[1] or 0))
    return [content for key in keys if (content := _entry(
        run, on, key, {item: tax for item, (_base, tax) in taxes.get(key, {}).items()}, target.get(key, 0) - standing.get(key, 0),
    )).transfers]


def _entry(run: VatRun, on: date, key: Key, taxes: dict[rules.TaxItem, int], deferred_fen: int) -> EntryContent:
    product, branch = key
    return EntryContent(
        event=VAT_EVENT, reference=f"vat/{run.number}/{product}/{branch or ''}", posted_on=on, branch_id=branch,
        memo=f"{run.number} {product}".strip(), transfers=postings.for_month(taxes, deferred_fen, f"vat:{product}"),
    )


def post(run: VatRun, *, by: Actor) -> VatRun:
    """Book a locked run. Raises what `judge` raises."""
    contents, on = judge(run, by), steps.booking_day(run.as_of)
    if contents:
        ledger_steps.post_all(contents, by=by)
    run.posted_by_name, run.posted_on, run.posted_at = by.name, on, clock.now()
    run.save(update_fields=["posted_by_name", "posted_on", "posted_at"])
    moves.move(run, VAT, "post", by=by)
    events.publish("vat.posted", run.subject, {"number": run.number, "as_of": run.as_of.isoformat(), "tax_fen": run.tax.fen})
    return run


def judge(run: VatRun, by: Actor) -> list[EntryContent]:
    """What posting the run books. Raises SamePerson (409) for who prepared it, VatOutOfDate (409) when the month says otherwise by
    now."""
    monthly.require_second(run, VAT, by)
    last = last_posted()
    if (last.pk if last else None) != run.previous_id or not _is_fresh(run):
        raise VatOutOfDate()
    return entries_of(run, steps.booking_day(run.as_of))


def would_reverse(run: VatRun, reason: str) -> tuple[Booking, ...]:
    """What `reverse` would book. Raises what it raises."""
    return monthly.would_take_back(run, VAT, booked_entries(run), reason, later_stands=LaterVatStands)


def _is_fresh(run: VatRun) -> bool:
    """Whether the books of the month still say what they said when it was computed."""
    said = Books(**run.books)
    return reading.books(run.since, run.as_of, said.taken_back_fen) == said


def discard(run: VatRun, reason: str, *, by: Actor) -> VatRun:
    """Put a locked run aside that was not posted, so that the month can be computed again."""
    VAT.require(run.status, "discard")
    moves.move(run, VAT, "discard", by=by, reason=require_reason(reason))
    return run


def reverse(run: VatRun, reason: str, *, by: Actor) -> VatRun:
    """Take a locked, posted run back: each of its entries is mirrored. Raises LaterVatStands (409) while a later one stands."""
    monthly.take_back(run, VAT, booked_entries(run), reason, later_stands=LaterVatStands, by=by)
    events.publish("vat.reversed", run.subject, {"number": run.number, "as_of": run.as_of.isoformat()})
    return run


def booked_entries(run: VatRun) -> QuerySet[JournalEntry]:
    """The entries that posted it, in the order of their writing."""
    return monthly.booked_entries(f"vat/{run.number}/")


def proof_of(run: VatRun) -> tuple[Books, int]:
    """What the books say of the run's own month, and what does not add up with its base (0 when all is well)."""
    said, before = Books(**run.books), Books(**run.previous.books) if run.previous else Books()
    month = replace(said, **{name: getattr(said, name) - getattr(before, name) for name in rules.BOOK_ROWS})
    return month, month.proves(run.base.fen)
