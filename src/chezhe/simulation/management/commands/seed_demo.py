"""Fill an empty database with the demo's sample data."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from chezhe.kernel import clock
from chezhe.simulation import people

BAR_WIDTH = 24


class Command(BaseCommand):
    help = "Sample data for trying the product: the team and its branches, all invented."

    def handle(self, *args: Any, **options: Any) -> None:
        whole = len(people.TEAM)
        for done, _ in enumerate(people.settle_in(clock.now()), start=1):
            filled = BAR_WIDTH * done // whole
            sys.stdout.write(f"\r示例数据 sample data  {'█' * filled}{'·' * (BAR_WIDTH - filled)}  {done} / {whole}")
            sys.stdout.flush()
        sys.stdout.write("\n")
