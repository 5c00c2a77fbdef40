"""Close days from the command line; `./run eod` is its front. Workers may be at it at the same time: each shard is done once."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from time import monotonic, sleep
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from chezhe.kernel import business_date, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.endofday import faults, progress, recomputing, runs, snapshot
from chezhe.servicing.models import EndOfDay

BAR = 24


class Command(BaseCommand):
    help = "Finish the close that is under way, then close the business day, or every day up to one, and show how far it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, default=None, help="the last day to close (default: the business date)")
        parser.add_argument("--workers", type=int, default=1, help="processes side by side")
        parser.add_argument("--resume", action="store_true", help="go on with a run that somebody has paused")
        parser.add_argument("--no-snapshot", action="store_true", help="write no Parquet file")
        parser.add_argument("--recompute", type=date.fromisoformat, default=None, help="fold a past day again and compare; writes nothing")
        parser.add_argument("--loan", action="append", default=[], help="recompute only this loan (several times for several)")
        parser.add_argument("--shards", default="", help="only these shards of a run under way: 0,2,4 (for processes of this command)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["shards"]:
            self._work(EndOfDay.objects.get(day=options["date"]), [int(shard) for shard in options["shards"].split(",")])
            return
        if options["recompute"]:
            self._recompute(options["recompute"], [number.strip().upper() for number in options["loan"]])
        if options["loan"]:
            self._refuse(_("--loan 只用于重算：./run eod --recompute 日期 --loan 贷款编号"))
        self.workers, self.with_snapshot = options["workers"], not options["no_snapshot"]
        failures = self._finish_what_stands(is_to_resume=options["resume"]) + self._close_up_to(options["date"])
        sys.exit(1 if failures else 0)

    def _finish_what_stands(self, *, is_to_resume: bool) -> int:
        """A run that an earlier command or the workers have not finished comes first, with every day that was asked for with it;
        returns how many loans failed."""
        failures, self.has_finished = 0, False
        while (run := runs.unfinished()) is not None:
            if run.status == "paused" and is_to_resume:
                with jobs.in_line():
                    run = resume_end_of_day(day=run.day, by=SYSTEM)
            if run.status == "paused":
                self._refuse(_("%(day)s 的日终已被暂停。请在日终中心点“继续”，或执行 ./run eod --resume。") % {"day": run.day})
            self.stdout.write(f"{run.day} 日终未完成，先完成它 is not finished: going on with it")
            failures += self._finish(run)
            self.has_finished = True
        self._keep_what_was_missed()
        return failures

    def _keep_what_was_missed(self) -> None:
        """The snapshot of the last day, when whoever closed it did not get so far."""
        last = EndOfDay.objects.first()
        is_asked = last is not None and jobs.waiting("servicing.keep_snapshot", day=last.day.isoformat())
        if last is not None and self.with_snapshot and last.snapshot_at is None and not is_asked:
            self._keep(last)

    def _close_up_to(self, asked: date | None) -> int:
        """Every day from the business date on; returns how many loans failed. Without a day that was `asked` for, one that was finished
        just now is enough, unless the next one is over by the calendar."""
        day = business_date.current()
        if asked is None and self.has_finished and day >= business_date.horizon():
            return 0
        until = asked or day
        if until < day:
            return self._say_closed(until)
        failures = 0
        while day <= until:
            failures += self._close(day)
            day += timedelta(days=1)
        return failures

    def _say_closed(self, day: date) -> int:
        run = runs.standing(day)
        if run is None:
            self._refuse(str(runs.DayNotCurrent(current=business_date.current(), day=day)))
        self.stdout.write(f"{day} 已结账 is closed already")
        return 0

    def _close(self, day: date) -> int:
        try:
            with jobs.in_line():
                run = begin_end_of_day(until=day, calendar_day=business_date.horizon(), by=SYSTEM)
        except BusinessError as refusal:
            self._refuse(str(refusal))
        return self._finish(run)

    def _finish(self, run: EndOfDay) -> int:
        """The shards that are missing, then the finish; returns how many loans failed, at least one when the day is not closed."""
        began, missing = monotonic(), runs.missing(run)
        if self.workers > 1 and len(missing) > 1:
            self._share(run, missing, min(self.workers, len(missing)))
        else:
            self._work(run, missing)
        self._work_on_put_off(run)
        with faults.noted(run.day, faults.FINISH):
            run = finish_end_of_day(day=run.day, by=SYSTEM, is_kept_later=False)
        totals = runs.totals(run)
        self.stdout.write(
            f"\r\033[K{run.day} 日终 {run.status}: {totals['loans']} 笔 loans, {totals['failures']} 失败 failed, "
            f"{run.accruals} 计提 accruals, {monotonic() - began:.2f} s"
        )
        if run.status != "closed":
            self._refuse(_("%(day)s 的日终没有完成：可能刚被暂停，或有批次失败。原因见日终中心。") % {"day": run.day})
        if self.with_snapshot:
            self._keep(run)
        return int(totals["failures"])

    def _keep(self, run: EndOfDay) -> None:
        with faults.noted(run.day, faults.SNAPSHOT):
            self.stdout.write(f"  {snapshot.keep(run.day).name}")

    def _recompute(self, day: date, numbers: list[str]) -> NoReturn:
        """Ends the command: 1 when something differs that nothing explains."""
        try:
            found = recomputing.recompute(day, numbers)
        except BusinessError as refusal:
            self._refuse(str(refusal))
        for difference in found.wrong:
            self.stdout.write(f"✗ {difference}")
        for difference in found.news:
            self.stdout.write(f"· {difference}")
        said = f"{len(found.wrong)} 不符 differ, {len(found.news)} 因后来的消息而变 changed by later news"
        self.stdout.write(f"{day} 重算 recomputed: {found.loans} 笔 loans, {said}")
        sys.exit(1 if found.wrong else 0)

    def _refuse(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(1)

    def _work(self, run: EndOfDay, shards: list[int]) -> None:
        for shard in shards:
            with jobs.in_line(), faults.noted(run.day, faults.SHARD, shard):
                close_shard(day=run.day, shard=shard, by=SYSTEM)
            self._show(run)

    def _work_on_put_off(self, run: EndOfDay) -> None:
        """Loans that were in other hands when their shard was written have become shards behind those that were known; a paused run
        leaves them."""
        known, before = len(run.shards), [-1]
        while before:
            run.refresh_from_db()
            later = [shard for shard in runs.missing(run) if shard >= known]
            if later == before:
                return
            self._work(run, later)
            before = later

    def _share(self, run: EndOfDay, shards: list[int], workers: int) -> None:
        """Each process takes every n-th shard."""
        words = [sys.executable, "-m", "django", "close_days", "--date", run.day.isoformat(), "--shards"]
        children = [subprocess.Popen([*words, ",".join(str(shard) for shard in shards[at::workers])]) for at in range(workers)]
        while any(child.poll() is None for child in children):
            self._show(run)
            sleep(1)

    def _show(self, run: EndOfDay) -> None:
        if not sys.stdout.isatty():
            return
        now = progress.of(run)
        filled = BAR * now.done // max(1, now.total)
        left = f", 约剩 {now.seconds_left:.0f} s" if now.seconds_left is not None else ""
        said = f"{run.day} {'█' * filled}{'·' * (BAR - filled)} {now.loans} loans, {now.per_second:,}/s{left}"
        self.stdout.write(f"\r\033[K{said}", ending="")
        self.stdout.flush()
