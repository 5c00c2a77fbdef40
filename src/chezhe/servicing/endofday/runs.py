"""Begin, carry out and finish the close of a day. Each step is one transaction of its caller; all of them may be repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, clock, events, jobs, locks, moves
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import accruals, steps
from chezhe.servicing.endofday import reading, single, working, writing
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, EndOfDayShard, Loan
from chezhe.servicing.states import END_OF_DAY, RUNNING

SHARD_LOANS = 65_536
# So many loan ids may be counted before the run begins.
COUNTED_MAX = 4 * SHARD_LOANS
# A book smaller than that is cut into so many shards, so that it can be watched and paused; not one of a few hundred loans.
SHARDS_MIN, SMALL_BOOK = 8, 400
# So many loans are sooner brought along one by one.
FEW = 3


class DayNotFinished(BusinessError):
    code = "end_of_day_running"
    sentence = _("%(day)s 的日终尚未完成，完成后才能结下一天。")


class DayNotCurrent(BusinessError):
    code = "end_of_day_not_current"
    http_status = 422
    field = "until"
    sentence = _("业务日期是 %(current)s，只能结这一天，不能结 %(day)s。")


class DayOfMonthNotFinished(BusinessError):
    code = "month_end_of_day_running"
    sentence = _("%(day)s 的日终尚未完成，完成后才能为 %(month)s 关账。")


def require_month_done(month: date) -> None:
    """For whoever shuts the books of `month` (its first day): raises DayOfMonthNotFinished (409) while a day of it, or an earlier
    one, is still being closed."""
    run = unfinished()
    if run is not None and run.day < ledger_queries.next_month(month):
        raise DayOfMonthNotFinished(day=run.day, month=f"{month:%Y-%m}")


def standing(day: date) -> EndOfDay | None:
    """The run of a day, whatever became of it."""
    return EndOfDay.objects.filter(day=day).first()


def unfinished() -> EndOfDay | None:
    """The run that is not closed; there is one at a time."""
    return EndOfDay.objects.exclude(status="closed").order_by("day").first()


def begin(day: date, *, until: date, by: Actor, is_watched: bool = True) -> EndOfDay:
    """Start closing `day`: the next day opens at once and money for it is taken while the shards run.

    A day that is closed or running already gives its standing run. Who does all of it at once (not `is_watched`) cuts no small
    book into pieces. Raises DayNotFinished (409) while an earlier one runs
    and DayNotCurrent (422) for a day that is not the business date.
    """
    locks.hold("servicing.end_of_day")
    if (known := standing(day)) is not None:
        return known
    if (before := unfinished()) is not None:
        raise DayNotFinished(day=before.day)
    current = business_date.current()
    if current != day:
        raise DayNotCurrent(current=current, day=day)
    to = business_date.open_day(day + timedelta(days=1))
    ends = Loan.objects.aggregate(first=Min("id"), last=Max("id"))
    counted = _counted(to) if ends["first"] and ends["last"] - ends["first"] < COUNTED_MAX else {"count": COUNTED_MAX, "expected": 0}
    return EndOfDay.objects.create(
        day=day, until=max(until, day), shards=_shards({**ends, **counted}, is_watched=is_watched), loans_expected=counted["expected"],
        started_at=clock.now(), started_by_name=by.name,
    )


def _counted(to: date) -> dict[str, int]:
    """How many loans there are, and for how many something will have happened by the morning of `to`, as `reading.touched` finds
    them. It walks through the whole book: of a large one the shards tell how far the run is."""
    moving = Q(status__in=RUNNING, next_event_on__lte=to)
    return Loan.objects.aggregate(count=Count("pk"), expected=Count("pk", filter=moving))


def locked(day: date) -> EndOfDay:
    """The run of a day, locked until the transaction ends; raises NotFound (404)."""
    run = EndOfDay.objects.select_for_update(no_key=True).filter(day=day).first()
    if run is None:
        raise NotFound(what=day)
    return run


def _shards(loans: Mapping[str, Any], *, is_watched: bool) -> list[list[int]]:
    """First and last ids; loans made from now on begin on the new day and need no close of the old one."""
    first, last = loans["first"], loans["last"]
    if first is None:
        return []
    size = SHARD_LOANS
    if is_watched and loans["count"] > SMALL_BOOK:
        size = min(size, -(-(last - first + 1) // SHARDS_MIN))
    return [[start, min(start + size - 1, last)] for start in range(first, last + 1, size)]


def close_shard(run: EndOfDay, shard: int) -> EndOfDayShard | None:
    """Bring one shard's loans to the next morning, once: the mark goes in first. None when it is done already.

    Nobody is waited for, except by a shard of such loans as were in other hands when theirs was written (`_put_off`)."""
    started = perf_counter()
    mark = _mark(run, shard)
    if mark is None:
        return None
    if _is_of_put_off(run, shard):
        single.hold(Loan.objects.filter(pk__range=run.shards[shard]), _morning(run), is_patient=True)
    mark.loans, mark.one_by_one, mark.turned, left = _bring(run, shard)
    if left:
        _put_off(run, left)
    mark.seconds = Decimal(str(round(perf_counter() - started, 3)))
    mark.save()
    return mark


def _bring(run: EndOfDay, shard: int) -> tuple[int, int, Counter[str], list[int]]:
    """How many loans of the shard were brought along, how many of them one by one, the news there are of them by kind, and the ids
    of those that were in other hands."""
    to, name = _morning(run), f"{run.day.isoformat()}/{shard}"
    loans = reading.touched(to, *run.shards[shard])
    is_few = len(loans) <= FEW
    worked = None if is_few else working.work(loans, to)
    beyond = [int(loans.ids[at]) for at in (worked.beyond if worked else range(len(loans)))]
    alone = single.hold(Loan.objects.filter(pk__in=beyond), to, is_patient=is_few)
    told = single.bring(run, alone, to)[1]
    if worked is None:
        return len(alone), len(alone), told, []
    news, left = writing.write(worked, to, shard=name)
    return len(worked.done) - len(left) + len(alone), len(alone), told + news, sorted({*left, *beyond} - set(alone))


def _morning(run: EndOfDay) -> date:
    return run.day + timedelta(days=1)


def _put_off(run: EndOfDay, loan_ids: list[int]) -> None:
    """Somebody was at these loans when their shard was to be written, or had been since they were read: they become a shard of their
    own behind the others, which waits for whoever holds one. Most have been brought along by then."""
    kept = locked(run.day)
    kept.shards.append([loan_ids[0], loan_ids[-1]])
    kept.save(update_fields=["shards"])
    run.shards = kept.shards
    jobs.enqueue("servicing.close_shard", day=run.day.isoformat(), shard=len(run.shards) - 1)


def _is_of_put_off(run: EndOfDay, shard: int) -> bool:
    """Whether another shard had its loans before."""
    first, last = run.shards[shard]
    return any(start <= first and last <= end for start, end in run.shards[:shard])


def _mark(run: EndOfDay, shard: int) -> EndOfDayShard | None:
    try:
        with transaction.atomic():
            return EndOfDayShard.objects.create(run=run, shard=shard, started_at=clock.now())
    except IntegrityError:
        return None


def ask_for_shards(run: EndOfDay) -> None:
    """A job for every shard without a mark, and one that finishes if there is none."""
    for shard in missing(run):
        jobs.enqueue("servicing.close_shard", day=run.day.isoformat(), shard=shard)
    jobs.enqueue("servicing.finish_day", day=run.day.isoformat())


def missing(run: EndOfDay) -> list[int]:
    """The shards without a mark."""
    return sorted(set(range(len(run.shards))) - set(run.done.values_list("shard", flat=True)))


def try_again(run: EndOfDay) -> int:
    """Bring the loans that failed to where the books are now; returns how many got there."""
    failed = list(run.failures.filter(mended_at=None).values_list("loan_id", flat=True))
    list(Loan.objects.filter(pk__in=failed).order_by("pk").select_for_update(of=("self",), no_key=True))
    return single.bring(run, failed, business_date.current())[0]


def failures_of(by: Actor) -> QuerySet[EndOfDayFailure]:
    """Loans in reach that are not where the books are, newest first."""
    rows = EndOfDayFailure.objects.filter(mended_at=None, loan__in=Loan.objects.visible_to(by))
    return rows.select_related("loan", "run").order_by("-failed_at", "-id")


def is_complete(run: EndOfDay) -> bool:
    """Whether every shard has its mark."""
    return run.done.count() == len(run.shards)


def finish(run_day: date) -> EndOfDay:
    """When all shards are done: post the day's interest and announce. Repeating changes nothing."""
    run = EndOfDay.objects.select_for_update(no_key=True).get(day=run_day)
    if run.status != "running" or not is_complete(run):
        return run
    run.accruals = accruals.close_day(run.day, booked_on=steps.booking_day(run.day))
    run.finished_at = clock.now()
    moves.move(run, END_OF_DAY, "finish", by=SYSTEM)
    run.save(update_fields=["accruals", "finished_at"])
    events.publish("day.closed", run.subject, {"day": run.day.isoformat(), **totals(run)})
    return run


def loans_touched(run: EndOfDay) -> int:
    """How many loans the shards have brought along so far."""
    return int(run.done.aggregate(loans=Sum("loans"))["loans"] or 0)


def totals(run: EndOfDay) -> dict[str, Any]:
    """How far the run is: shards done, loans touched, how many one by one, failures that still stand."""
    return totals_of([run])[run.pk]


def totals_of(several: Sequence[EndOfDay]) -> dict[int, dict[str, Any]]:
    """`totals` of several runs by their id, in two questions however many they are."""
    shards = EndOfDayShard.objects.filter(run__in=several).order_by().values("run")
    done = {row["run"]: row for row in shards.annotate(shards_done=Count("pk"), loans=Sum("loans"), one_by_one=Sum("one_by_one"))}
    standing = EndOfDayFailure.objects.filter(run__in=several, mended_at=None).order_by().values_list("run")
    failures = dict(standing.annotate(count=Count("pk")))
    return {
        run.pk: {
            "shards": len(run.shards), "failures": failures.get(run.pk, 0),
            **{name: done.get(run.pk, {}).get(name) or 0 for name in ("shards_done", "loans", "one_by_one")},
        }
        for run in several
    }


def turned(run: EndOfDay) -> Counter[str]:
    """How many loans its shards told of so far, by what became of them (`servicing.turns`)."""
    return sum((Counter(told) for told in run.done.values_list("turned", flat=True)), Counter())


def close_whole(day: date, *, by: Actor) -> EndOfDay:
    """All of it in the caller's transaction: for a small house, and for the simulation."""
    run = begin(day, until=day, by=by, is_watched=False)
    while open_shards := missing(run):
        close_shard(run, open_shards[0])
    return finish(run.day)
