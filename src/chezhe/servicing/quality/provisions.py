"""The provision of a month: asked for, computed by the worker, posted by a second person, and taken back as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import moving
from chezhe.kernel import business_date, clock, events, jobs, locks, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent
from chezhe.products.models import Product
from chezhe.servicing import monthly, steps
from chezhe.servicing.quality import grading, losses, progress, results, rules, writing
from chezhe.servicing.quality.curves import figures_on
from chezhe.servicing.quality.grading import Graded
from chezhe.servicing.quality.losses import Asked
from chezhe.servicing.quality.models import RUN_PREFIX, ProvisionRun
from chezhe.servicing.quality.progress import Tell
from chezhe.servicing.quality.writing import Stand
from chezhe.servicing.states import COMPUTED_OPEN, PROVISION

_LOCK = "servicing.provision"


class MonthNotOver(BusinessError):
    code = "month_not_over"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("%(as_of)s 尚未日终，月末日终完成后才能计提；业务日期是 %(today)s。")


class NotNextMonth(BusinessError):
    code = "provision_not_next"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("%(last)s 的拨备已入账，不能再计提更早的 %(as_of)s；如需更正请先冲回。")


class LaterStands(BusinessError):
    code = "later_provision_stands"
    sentence = gettext_lazy("%(number)s（%(as_of)s）在此之后已入账，请先冲回它。")


class OutOfDate(BusinessError):
    code = "provision_out_of_date"
    sentence = gettext_lazy("计算之后上期拨备有变动，请作废后重新计提。")


def begin(as_of: date, *, by: Actor) -> ProvisionRun:
    """Ask for the provision of the month that ends with `as_of`; a month that has one already gives it.

    Raises Invalid, MonthNotOver or NotNextMonth (422), and what `figures_on` raises (409).
    """
    locks.hold(_LOCK)
    standing = ProvisionRun.objects.filter(as_of=as_of, status__in=COMPUTED_OPEN).first()
    if standing is not None:
        return standing
    today = business_date.current()
    monthly.require_over(as_of, today, not_end=_("计提日须为月末。"), not_over=MonthNotOver)
    last = last_posted()
    if last is not None and last.as_of > as_of:
        raise NotNextMonth(last=last.as_of, as_of=as_of)
    run = ProvisionRun.objects.create(
        number=numbers.next_number(RUN_PREFIX, today), as_of=as_of, figures=figures_on(as_of).kept, started_by_id=by.user_id,
        started_by_name=by.name, started_at=clock.now(),
    )
    moves.record(run.subject, "run", "", run.status, by=by)
    jobs.enqueue("servicing.compute_provision", number=run.number)
    run.refresh_from_db()
    return run


def last_posted() -> ProvisionRun | None:
    """The run that the books stand on."""
    return monthly.last_posted(ProvisionRun)


def compute(run: ProvisionRun, *, by: Actor) -> ProvisionRun:
    """Grade the whole book, work out the losses and keep a line a loan; `run` is locked. A run that is done stays as it is."""
    if run.status != "computing":
        return run
    with progress.told(run.pk) as tell:
        return _computed(run, tell, by=by)


def _computed(run: ProvisionRun, tell: Tell, *, by: Actor) -> ProvisionRun:
    figures = figures_on(run.as_of)
    graded = grading.grade_book(run.as_of, figures.standards, tell)
    columns = graded.columns
    tell(progress.LOSSES, 0, len(columns))
    lost = losses.expect(_asked(graded), figures.curves)
    grades = rules.impair(graded.grades, columns.exposure_fen, lost.expected_fen, figures.standards)
    graded = replace(graded, grades=grades)
    regulatory = losses.regulate(grades.asset_class, columns.exposure_fen, figures.curves)
    allowance = losses.allow(lost.expected_fen, regulatory, figures.basis)
    writing.write_lines(run.pk, graded, lost, regulatory, allowance, tell)
    tell(progress.ADDING, 0, len(columns))
    amounts = [columns.exposure_fen, lost.expected_fen, regulatory, allowance]
    run.previous = last_posted()
    run.loans, run.figures, run.summary = len(columns), figures.kept, _summary(graded, amounts)
    run.exposure, run.expected_loss, run.regulatory, run.allowance = (Money(int(amount.sum())) for amount in amounts)
    run.movement = results.movement(writing.moves_between(run.previous.pk if run.previous else None, run.pk))
    run.computed_at = clock.now()
    run.save()
    moves.move(run, PROVISION, "compute", by=by)
    events.publish("provision.computed", run.subject, {"number": run.number, "as_of": run.as_of.isoformat(), "loans": run.loans})
    return run


def _asked(graded: Graded) -> Asked:
    columns = graded.columns
    return Asked(
        stage=graded.grades.stage, dpd=columns.dpd, exposure_fen=columns.exposure_fen, rate_units=columns.rate_units,
        months=columns.months, product=columns.product, is_secured=columns.is_secured,
    )


def _summary(graded: Graded, amounts: list[Any]) -> dict[str, Any]:
    by_class = results.summed(graded.grades.asset_class, amounts)
    return {
        "by_class": {rules.CLASSES[int(place)].value: found for place, found in by_class.items()},
        "by_stage": results.summed(graded.grades.stage, amounts),
        "by_product": results.summed(graded.columns.product, amounts), "by_branch": results.summed(graded.columns.branch, amounts),
    }


def differences(run: ProvisionRun, on: date) -> dict[writing.Key, int]:
    """What posting on `on` adds to the allowance in the ledger, by product code and branch; negative takes away."""
    codes = dict(Product.objects.values_list("pk", "code"))
    rows = run.lines.values_list("product_id", "branch_id").annotate(fen=Sum("allowance"))
    target = {(codes[product], branch): _fen(fen) for product, branch, fen in rows}
    standing = writing.standing_allowance(Stand(on))
    found = {key: target.get(key, 0) - standing.get(key, 0) for key in {*target, *standing}}
    return {key: found[key] for key in sorted(found, key=_order) if found[key]}


def _fen(amount: Any) -> int:
    return int(getattr(amount, "fen", amount) or 0)


def _order(key: writing.Key) -> tuple[str, int]:
    return key[0], key[1] or 0


def entries_of(run: ProvisionRun, on: date) -> list[EntryContent]:
    """The entries that post the run on `on`: one a product and branch."""
    return [
        EntryContent(
            event=results.PROVISION_EVENT, reference=f"provision/{run.number}/{product}/{branch or ''}", posted_on=on, branch_id=branch,
            memo=f"{run.number} {product}".strip(), transfers=_transfers(product, fen),
        )
        for (product, branch), fen in differences(run, on).items()
    ]


def _transfers(product: str, fen: int) -> Any:
    more = (chart.PROVISION_EXPENSE, chart.PROVISION)
    debit, credit = more if fen > 0 else more[::-1]
    return tuple(moving(debit, credit, abs(fen), f"provision:{product}"))


def post(run: ProvisionRun, *, by: Actor) -> ProvisionRun:
    """Bring the ledger's allowance to what a locked run found. Raises what `judge` raises."""
    contents, on = judge(run, by), steps.booking_day(run.as_of)
    if contents:
        ledger_steps.post_all(contents, by=by)
    run.posted_by_name, run.posted_on, run.posted_at = by.name, on, clock.now()
    run.entry_last = JournalEntry.objects.aggregate(last=Max("pk"))["last"] or 0
    run.save(update_fields=["posted_by_name", "posted_on", "posted_at", "entry_last"])
    moves.move(run, PROVISION, "post", by=by)
    events.publish("provision.posted", run.subject, {
        "number": run.number, "as_of": run.as_of.isoformat(), "allowance_fen": run.allowance.fen})
    return run


def judge(run: ProvisionRun, by: Actor) -> list[EntryContent]:
    """What posting the run books. Raises SamePerson (409) for who started it, OutOfDate (409)."""
    monthly.require_second(run, PROVISION, by)
    last = last_posted()
    if (last.pk if last else None) != run.previous_id:
        raise OutOfDate()
    return entries_of(run, steps.booking_day(run.as_of))


def would_reverse(run: ProvisionRun, reason: str) -> tuple[Booking, ...]:
    """What `reverse` would book. Raises what it raises."""
    return monthly.would_take_back(run, PROVISION, booked_entries(run), reason, later_stands=LaterStands)


def booked_entries(run: ProvisionRun) -> QuerySet[JournalEntry]:
    """The entries that posted it, in the order of their writing."""
    return monthly.booked_entries(f"provision/{run.number}/")


def reverse(run: ProvisionRun, reason: str, *, by: Actor) -> ProvisionRun:
    """Take a locked, posted run back: each of its entries is mirrored. Raises LaterStands (409) while a later one stands."""
    monthly.take_back(run, PROVISION, booked_entries(run), reason, later_stands=LaterStands, by=by)
    events.publish("provision.reversed", run.subject, {"number": run.number, "as_of": run.as_of.isoformat()})
    return run


def stand_of(run: ProvisionRun) -> Stand:
    """The books as they stood when the run was posted; for one that waits, as posting would find them."""
    if run.status == "posted" and run.posted_on is not None:
        return Stand(run.posted_on, run.entry_last)
    return Stand(steps.booking_day(run.as_of))


def bridge_of(run: ProvisionRun) -> tuple[dict[str, int], int]:
    """How the ledger's allowance came from the run before to this one, by row, and the difference that must be 0."""
    before, at = stand_of(run.previous) if run.previous else writing.NOTHING, stand_of(run)
    opening = sum(writing.standing_allowance(before).values())
    return results.bridge(opening, writing.booked(before, at), run.allowance.fen, is_posted=run.status == "posted")
