"""Live random days; `./run simulate` is its front."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from chezhe.kernel import audit, clock
from chezhe.simulation import people
from chezhe.simulation.bar import nothing_else, show, size_of
from chezhe.simulation.checks import Imbalance
from chezhe.simulation.crew import alone, helped
from chezhe.simulation.story import Story, Tally


class Command(BaseCommand):
    help = "Live seeded random days through the real actions; stops on the first imbalance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--days", type=int, default=60)
        parser.add_argument("--start", type=date.fromisoformat, default=None)
        parser.add_argument("--intensity", type=float, default=0.8)
        parser.add_argument("--helpers", type=int, default=None, help="0: everything in this process")

    def handle(self, *args: Any, **options: Any) -> None:
        start = options["start"] or clock.today() - timedelta(days=options["days"])
        list(people.settle_in(datetime.combine(start, time(8), clock.SHANGHAI)))
        began = monotonic()
        story = Story(options["seed"], start, options["days"], options["intensity"])

        def on_day(day: date, tally: Tally) -> None:
            show(self.stdout, tally.days, options["days"], f"{day} {_figures(tally)} {monotonic() - began:.0f} s")

        helpers = size_of(options["helpers"])
        try:
            with nothing_else(), helped(story.seed, helpers) if helpers else alone(story.seed) as crew:
                tally = story.live(crew, on_day=on_day)
        except Imbalance as fault:
            self.stdout.write(f"\n✗ {fault}")
            sys.exit(1)
        self.stdout.write(f"\n✓ {tally}\n  seed {options['seed']}: {monotonic() - began:.1f} s, helpers {helpers}")
        self.stdout.write(f"  last day: all {tally['proved_at_the_end']} loans proved, fold = row = ledger")
        chain = audit.verify()
        self.stdout.write(f"  audit chain: {chain.checked} rows, {'intact' if chain.is_intact else chain.first_fault}")
        sys.exit(0 if chain.is_intact else 1)


def _figures(tally: Tally) -> str:
    return f"{tally['customers']} customers {tally['paid_out']} loans {tally['repayments']} repayments"
