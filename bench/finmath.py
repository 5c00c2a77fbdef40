"""How fast the array forms are, as ratios in one run: schedules against a per-loan Decimal loop, IRR and XIRR
against pyxirr.

The loans come in chunks; after each chunk the loops take a sample of it, so that both sides meet the same machine.
Every sampled loan is compared to the fen, every sampled rate to 10^-9 (an XIRR to 10^-8): a difference makes the run fail.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
import pyxirr

from bench import _report
from chezhe.finmath import vector_rates, vector_schedules
from chezhe.finmath.terms import Method

PERIODS = 36
CHUNK = 100_000
REPETITIONS_MIN = 5
DECIMAL_SAMPLE, IRR_SAMPLE, XIRR_SAMPLE = 1_000, 5_000, 500  # of each chunk
RATE_DIFFERENCE_MAX = 1e-9
XIRR_DIFFERENCE_MAX = 1e-8  # pyxirr stops at about 1e-9; the array form is within 1e-12 of the single rate
FEN = Decimal("1")
# The start and the due days: the fifteenth of every month from 2026-01-15.
DUE_DAYS = np.array([date(2026 + k // 12, k % 12 + 1, 15).toordinal() for k in range(PERIODS + 1)])


def decimal_schedule(principal_fen: int, rate_units: int, periods: int) -> list[tuple[Decimal, Decimal]]:
    """One loan the plain way: Decimal, half up, line by line. The yardstick.

    Interest multiplies before it divides: a monthly rate cut off after 28 digits would lose exact half fens.
    """
    annual = Decimal(rate_units) / Decimal(10**10)
    monthly = annual / 12
    growth = (1 + monthly) ** periods
    instalment = (principal_fen * monthly * growth / (growth - 1)).quantize(FEN, ROUND_HALF_UP)
    balance, lines = Decimal(principal_fen), []
    for _ in range(periods - 1):
        interest = (balance * annual / 12).quantize(FEN, ROUND_HALF_UP)
        lines.append((instalment - interest, interest))
        balance -= instalment - interest
    lines.append((balance, (balance * annual / 12).quantize(FEN, ROUND_HALF_UP)))
    return lines


@dataclass(slots=True)
class Times:
    """Seconds per element of every repetition: by the clock on the wall, and of processor."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], Any], size: int) -> Any:
        """Do the work once and note what each of its `size` elements took."""
        begun, cpu = perf_counter(), process_time()
        answer = work()
        self.cpu.append((process_time() - cpu) / size)
        self.wall.append((perf_counter() - begun) / size)
        return answer


@dataclass(slots=True)
class Measured:
    """Both sides of both comparisons, and how far they disagree."""

    schedules: Times = field(default_factory=Times)
    decimal_loop: Times = field(default_factory=Times)
    irr: Times = field(default_factory=Times)
    pyxirr_loop: Times = field(default_factory=Times)
    xirr: Times = field(default_factory=Times)
    pyxirr_dated_loop: Times = field(default_factory=Times)
    compared: int = 0
    different: int = 0
    rate_difference: float = 0.0
    xirr_difference: float = 0.0


def run(loans: int = 1_000_000, seed: int = 7) -> dict[str, Any]:
    """Schedules and IRRs of `loans` loans, and the per-loan loops on a sample of each chunk. Prints and returns the figures.

    `wall` compares elapsed time (the array forms use every processor), `cpu` processor time: that one holds on a busy
    machine too, and gives threads no credit. `best` is least against least, `median` median against median.
    """
    random = np.random.default_rng(seed)
    chunk = min(CHUNK, -(-loans // REPETITIONS_MIN))
    _warm_up()
    measured, begun, lent = Measured(), perf_counter(), None
    for low in range(0, loans, chunk):
        size = min(chunk, loans - low)
        principal = random.integers(1_000_000, 100_000_000, size)
        rate_units = random.integers(300, 2400, size) * 10**6  # 3.00 % to 23.99 %
        lent = _repeat(measured, _batch(principal, rate_units), lent)
    found = _figures(measured, loans)
    found["run_s"] = round(perf_counter() - begun, 1)
    _print(found)
    return found


def _repeat(measured: Measured, batch: vector_schedules.Batch, lent: Any) -> Any:
    """One chunk the fast way, its beginning the plain way; then the answers side by side."""
    size = len(batch.principal_fen)
    made = measured.schedules.take(lambda: vector_schedules.schedules(batch, lent), size)
    flows = np.concatenate([-batch.principal_fen[:, None], made.principal_fen + made.interest_fen], axis=1)
    rates = measured.irr.take(lambda: vector_rates.monthly_irr(flows), size)
    pairs = list(zip(batch.principal_fen[:DECIMAL_SAMPLE].tolist(), batch.rate_units[:DECIMAL_SAMPLE].tolist(), strict=True))
    plain = measured.decimal_loop.take(lambda: [decimal_schedule(fen, rate, PERIODS) for fen, rate in pairs], len(pairs))
    rows = list(flows[:IRR_SAMPLE].astype(np.float64))
    single = measured.pyxirr_loop.take(lambda: [pyxirr.irr(row) for row in rows], len(rows))
    yearly = measured.xirr.take(lambda: vector_rates.dated_rates(np.tile(DUE_DAYS, (size, 1)), flows), size)
    dates = [date.fromordinal(day) for day in DUE_DAYS.tolist()]
    dated = measured.pyxirr_dated_loop.take(lambda: [pyxirr.xirr(dates, row) for row in rows[:XIRR_SAMPLE]], len(rows[:XIRR_SAMPLE]))
    mine = zip(made.principal_fen[: len(pairs)].tolist(), made.interest_fen[: len(pairs)].tolist(), strict=True)
    same = (list(zip(*loan, strict=True)) == [(int(a), int(b)) for a, b in lines] for loan, lines in zip(mine, plain, strict=True))
    measured.compared += len(pairs)
    measured.different += sum(not one for one in same)
    measured.rate_difference = max(measured.rate_difference, _apart(rates, single))
    measured.xirr_difference = max(measured.xirr_difference, _apart(yearly, dated))
    return made


def _apart(mine: Any, theirs: list[Any]) -> float:
    """The worst difference of the sampled rates."""
    return float(np.abs(mine[: len(theirs)] - np.array(theirs, dtype=float)).max())


def _figures(measured: Measured, loans: int) -> dict[str, Any]:
    """Ratios and seconds per million, rounded; `failures` says what must not be."""
    found: dict[str, Any] = {"loans": loans, "repetitions": len(measured.schedules.wall)}
    for name, mine, theirs in (
        ("schedules", measured.schedules, measured.decimal_loop), ("irr", measured.irr, measured.pyxirr_loop),
        ("xirr", measured.xirr, measured.pyxirr_dated_loop),
    ):
        found[f"{name}_ratio"] = {
            f"{kind}_{word}": round(pick(getattr(theirs, kind)) / pick(getattr(mine, kind)), 1)
            for kind in ("wall", "cpu") for word, pick in (("best", min), ("median", median))
        }
    for name in ("schedules", "decimal_loop", "irr", "pyxirr_loop", "xirr", "pyxirr_dated_loop"):
        times: Times = getattr(measured, name)
        found[f"{name}_s_per_million"] = {
            f"{kind}_{word}": float(f"{pick(getattr(times, kind)) * 1e6:.3g}")
            for kind in ("wall", "cpu") for word, pick in (("best", min), ("median", median))
        }
    found["compared_to_the_fen"], found["different"] = measured.compared, measured.different
    found["irr_worst_difference"], found["xirr_worst_difference"] = measured.rate_difference, measured.xirr_difference
    found["failures"] = [
        *([f"{measured.different} of {measured.compared} schedules differ"] if measured.different else []),
        *([] if measured.rate_difference <= RATE_DIFFERENCE_MAX else [f"a rate differs by {measured.rate_difference:.1e}"]),
        *([] if measured.xirr_difference <= XIRR_DIFFERENCE_MAX else [f"an XIRR differs by {measured.xirr_difference:.1e}"]),
    ]
    return found


def _print(found: dict[str, Any]) -> None:
    print(f"finmath: {found['loans']:,} loans of {PERIODS} instalments in {found['repetitions']} interleaved repetitions")
    promises = (("schedules", "decimal_loop", "promised 50x"), ("irr", "pyxirr_loop", "promised 15x"), ("xirr", "pyxirr_dated_loop", ""))
    for name, against, wanted in promises:
        ratio, mine, theirs = found[f"{name}_ratio"], found[f"{name}_s_per_million"], found[f"{against}_s_per_million"]
        print(
            f"  {name:9} {ratio['wall_best']:6.1f}x elapsed (median {ratio['wall_median']:.1f}x)"
            f"  {ratio['cpu_best']:6.1f}x processor (median {ratio['cpu_median']:.1f}x)  {wanted}"
        )
        print(f"            a million: {mine['wall_best']:.3g} s, {mine['cpu_best']:.3g} s of processor;"
              f" {against}: {theirs['wall_best']:.3g} s, {theirs['cpu_best']:.3g} s")
    print(f"  {found['compared_to_the_fen']:,} schedules compared to the fen, {found['different']} different;"
          f" worst difference of a rate {found['irr_worst_difference']:.1e},"
          f" of an XIRR {found['xirr_worst_difference']:.1e}")


def _warm_up() -> None:
    """Compile, or load what is compiled."""
    vector_schedules.schedules(_batch(np.full(64, 10_000_000), np.full(64, 10**9)))
    vector_rates.monthly_irr(np.full((64, 3), [-100, 60, 60]))
    vector_rates.dated_rates(np.full((64, 3), DUE_DAYS[:3]), np.full((64, 3), [-100, 60, 60]))


def _batch(principal: Any, rate_units: Any) -> vector_schedules.Batch:
    return vector_schedules.Batch(method=Method.EQUAL_INSTALMENT, principal_fen=principal, periods=PERIODS, rate_units=rate_units)


if __name__ == "__main__":
    _report.main("finmath", lambda options: run(options.loans or 1_000_000))
