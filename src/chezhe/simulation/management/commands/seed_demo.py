"""Fill an empty database with the demo's sample data."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chezhe.kernel import clock
from chezhe.simulation import governance, people, unfinished
from chezhe.simulation.bar import nothing_else, show, size_of
from chezhe.simulation.cast import Cast
from chezhe.simulation.crew import alone, helped
from chezhe.simulation.scene import Scene
from chezhe.simulation.story import Story, Tally

SEED, DAYS, INTENSITY, GROWTH = 7, 380, 0.39, 0.8
# Asked this often whether everything agrees; `./run simulate` asks every day.
ASKED_EVERY = 28
# For so many days borrowers have been told of their instalments by message.
DAYS_TOLD = 5


class Command(BaseCommand):
    help = "Sample data for trying the product: a team and what it has done in a year, all invented."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--helpers", type=int, default=None, help="0: everything in this process")
        parser.add_argument("--simulators", type=Path, default=None, help="the folder in which the outside services remember")

    def handle(self, *args: Any, **options: Any) -> None:
        today = clock.today()
        start = today - timedelta(days=DAYS)
        team = len(list(people.settle_in(datetime.combine(start, time(8), clock.SHANGHAI))))
        if not team:
            self.stdout.write("示例数据已在 the sample data is there already")
            return

        def on_day(day: date, tally: Tally) -> None:
            show(self.stdout, tally.days, DAYS, f"示例数据 sample data  {day}")

        with clock.at(datetime.combine(start, time(8), clock.SHANGHAI)):
            scene = Scene(start, True, Cast(clock.now()), Random(SEED))
            governance.let_borrowers_be_told_from(today - timedelta(days=DAYS_TOLD), scene)
        story, helpers = Story(SEED, start, DAYS, INTENSITY, GROWTH, ASKED_EVERY), size_of(options["helpers"])
        memory = options["simulators"]
        with nothing_else(), helped(SEED, helpers, memory) if helpers else alone(SEED, memory) as crew:
            tally = story.live(crew, on_day=on_day)
        unfinished.begin_today(today, SEED)
        self.stdout.write(
            f"\n{team} people, {tally['leads']} leads, {tally['customers']} customers, {tally['paid_out']} loans, "
            f"{tally['repayments']} repayments"
        )
        refused = {what: times for what, times in tally.refused.items() if what.startswith("errand/")}
        if refused:
            self.stdout.write(f"! 未办成 errands refused: {refused}")
