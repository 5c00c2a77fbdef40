"""Fill an empty database with the demo's sample data."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand

from chezhe.kernel import business_date, clock
from chezhe.simulation import people
from chezhe.simulation.story import Story, Tally

BAR_WIDTH = 24
SEED, DAYS, INTENSITY = 7, 150, 0.35


class Command(BaseCommand):
    help = "Sample data for trying the product: a team and what it has done so far, all invented."

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        start = today - timedelta(days=DAYS)
        team = len(list(people.settle_in(datetime.combine(start, time(8), clock.SHANGHAI))))
        if not team:
            self.stdout.write("示例数据已在 the sample data is there already")
            return
        tally = Story(SEED, start, INTENSITY).live(DAYS, on_day=_show)
        business_date.open_day(today)
        self.stdout.write(f"\n{team} people, {tally.leads} leads, {tally.customers} customers")


def _show(day: date, tally: Tally) -> None:
    filled = BAR_WIDTH * tally.days // DAYS
    sys.stdout.write(f"\r示例数据 sample data  {'█' * filled}{'·' * (BAR_WIDTH - filled)}  {day}")
    sys.stdout.flush()
