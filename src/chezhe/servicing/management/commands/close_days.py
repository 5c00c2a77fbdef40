"""Close days from the command line; `./run eod` is its front. Workers may be at it at the same time: each shard is done once."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from time import monotonic, sleep
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chezhe.kernel import business_date, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.endofday import proving, recomputing, runs, snapshot
from chezhe.servicing.models import EndOfDay

BAR = 24


class Command(BaseCommand):
    help = "Close the business day, or every day up to one, and show how far it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", type=date.fromisoformat, default=None, help="the last day to close (default: the business date)")
        parser.add_argument("--workers", type=int, default=1, help="processes side by side")
        parser.add_argument("--no-snapshot", action="store_true", help="write no Parquet file")
        parser.add_argument("--recompute", type=date.fromisoformat, default=None, help="fold a past day again and compare; writes nothing")
        parser.add_argument("--shards", default="", help="only these shards of a run under way: 0,2,4 (for processes of this command)")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["shards"]:
            self._work(options["date"], [int(shard) for shard in options["shards"].split(",")])
            return
        if options["recompute"]:
            self._recompute(options["recompute"])
        day = business_date.current()
        until = options["date"] or day
        if until < day:
            self.stdout.write(f"{until} 已结账 is closed already")
            return
        failures = 0
        while day <= until:
            failures += self._close(day, options["workers"], with_snapshot=not options["no_snapshot"])
            day += timedelta(days=1)
        sys.exit(1 if failures else 0)

    def _close(self, day: date, workers: int, *, with_snapshot: bool) -> int:
        began = monotonic()
        try:
            with jobs.in_line():
                run = begin_end_of_day(until=day, calendar_day=business_date.horizon(), by=SYSTEM)
        except BusinessError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        missing = sorted(set(range(len(run.shards))) - set(run.done.values_list("shard", flat=True)))
        if workers > 1 and len(missing) > 1:
            self._share(run, missing, min(workers, len(missing)), began)
        else:
            self._work(day, missing, began)
        with jobs.in_line():
            run = finish_end_of_day(day=day, by=SYSTEM)
        if run.status == "closed":
            proving.ask(run)  # the worker does it
        totals = runs.totals(run)
        self.stdout.write(
            f"\r\033[K{day} 日终 {run.status}: {totals['loans']} 笔 loans, {totals['failures']} 失败 failed, {run.accruals} 计提 accruals, "
            f"{monotonic() - began:.2f} s"
        )
        if with_snapshot:
            self.stdout.write(f"  {snapshot.keep(day).name}")
        return int(totals["failures"]) + (run.status != "closed")

    def _recompute(self, day: date) -> None:
        """Ends the command: 1 when something differs that nothing explains."""
        try:
            found = recomputing.recompute(day)
        except BusinessError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(1)
        for sentence in found.wrong:
            self.stdout.write(f"✗ {sentence}")
        for sentence in found.news:
            self.stdout.write(f"· {sentence}")
        said = f"{len(found.wrong)} 不符 differ, {len(found.news)} 因后来的消息而变 changed by later news"
        self.stdout.write(f"{day} 重算 recomputed: {found.loans} 笔 loans, {said}")
        sys.exit(1 if found.wrong else 0)

    def _work(self, day: date, shards: list[int], began: float | None = None) -> None:
        for shard in shards:
            with jobs.in_line():
                run = close_shard(day=day, shard=shard, by=SYSTEM)
            if began is not None:
                self._show(run, began)

    def _share(self, run: EndOfDay, shards: list[int], workers: int, began: float) -> None:
        """Each process takes every n-th shard."""
        words = [sys.executable, "-m", "django", "close_days", "--date", run.day.isoformat(), "--shards"]
        children = [subprocess.Popen([*words, ",".join(str(shard) for shard in shards[at::workers])]) for at in range(workers)]
        while any(child.poll() is None for child in children):
            self._show(run, began)
            sleep(1)

    def _show(self, run: EndOfDay, began: float) -> None:
        if not sys.stdout.isatty():
            return
        totals, seconds = runs.totals(run), (monotonic() - began) or 1
        filled = BAR * totals["shards_done"] // max(1, totals["shards"])
        left = seconds / totals["shards_done"] * (totals["shards"] - totals["shards_done"]) if totals["shards_done"] else 0
        bar = f"{'█' * filled}{'·' * (BAR - filled)}"
        said = f"{run.day} {bar} {totals['loans']} loans, {totals['loans'] / seconds:,.0f}/s, 约剩 {left:.0f} s"
        self.stdout.write(f"\r\033[K{said}", ending="")
        self.stdout.flush()
