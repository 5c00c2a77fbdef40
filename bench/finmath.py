"""How fast the array forms are, as ratios in one run: schedules against a per-loan Decimal loop, IRR against pyxirr.

`run()` returns the figures and prints them; `./run bench` calls it. Every sampled loan is also compared to the fen.
"""

import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import pyxirr

from chezhe.finmath import vector, vector_schedules
from chezhe.finmath.terms import Method

PERIODS = 36
CHUNK = 100_000
FEN = Decimal("1")
Each = tuple[float, float]  # elapsed and processor seconds


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


def run(loans: int = 1_000_000, decimal_sample: int = 2_000, irr_sample: int = 20_000, seed: int = 7) -> dict[str, Any]:
    """Measure `loans` schedules and IRRs; extrapolate the per-loan loops from their samples. Prints and returns.

    Each figure is the best of several equal pieces. The `_ratio`s compare elapsed time (the array forms use every
    processor), the `_cpu_ratio`s processor time: those hold on a busy machine too, and give threads no credit.
    """
    random = np.random.default_rng(seed)
    principal = random.integers(1_000_000, 100_000_000, loans)
    rate_units = random.integers(300, 2400, loans) * 10**6  # 3.00 % to 23.99 %
    vector_schedules.schedules(_batch(principal[:10], rate_units[:10]))
    vector.monthly_irr(np.array([[-100, 60, 60]]))
    schedules, irr, kept = _measure(principal, rate_units, max(decimal_sample, irr_sample))
    pairs = _pairs(principal, rate_units, decimal_sample)
    decimal = _best_each(pairs, lambda part: [decimal_schedule(fen, rate, PERIODS) for fen, rate in part])
    flows = kept[:irr_sample].astype(np.float64)
    pyxirr_loop = _best_each(list(flows), lambda part: [pyxirr.irr(row) for row in part])
    found = {
        "loans": loans,
        "schedules_s_per_million": schedules[0] * 1e6,
        "decimal_loop_s_per_million": decimal[0] * 1e6,
        "schedules_ratio": decimal[0] / schedules[0],
        "schedules_cpu_ratio": decimal[1] / schedules[1],
        "irr_s_per_million": irr[0] * 1e6,
        "pyxirr_loop_s_per_million": pyxirr_loop[0] * 1e6,
        "irr_ratio": pyxirr_loop[0] / irr[0],
        "irr_cpu_ratio": pyxirr_loop[1] / irr[1],
        "schedules_different": _differences(principal, rate_units, decimal_sample),
        "irr_worst_difference": _irr_difference(flows),
    }
    for name, value in found.items():
        print(f"finmath {name:28} {value:,.3g}" if isinstance(value, float) else f"finmath {name:28} {value:,}")
    return found


def _measure(principal: Any, rate_units: Any, keep: int) -> tuple[Each, Each, Any]:
    """Best time a loan for schedules and for IRRs, chunk by chunk (memory stays flat), and the first flows."""
    schedules, irr, kept, made = [], [], [], None
    for low in range(0, len(principal), CHUNK):
        batch = _batch(principal[low : low + CHUNK], rate_units[low : low + CHUNK])
        lent, size = made, len(batch.principal_fen)
        made, spent = _timed(lambda batch=batch, lent=lent: vector_schedules.schedules(batch, lent), size)
        schedules.append(spent)
        flows = np.concatenate([-batch.principal_fen[:, None], made.principal_fen + made.interest_fen], axis=1)
        _, spent = _timed(lambda flows=flows: vector.monthly_irr(flows), size)
        irr.append(spent)
        if low < keep:
            kept.append(flows)
    return _best(schedules), _best(irr), np.concatenate(kept)[:keep]


def _best_each(sample: list[Any], work: Callable[[list[Any]], object]) -> Each:
    """Best time per element over ten pieces of the sample."""
    size = max(len(sample) // 10, 1)
    pieces = [sample[low : low + size] for low in range(0, len(sample) - size + 1, size)]
    return _best([_timed(lambda piece=piece: work(piece), size)[1] for piece in pieces])


def _best(times: list[Each]) -> Each:
    return min(wall for wall, _ in times), min(cpu for _, cpu in times)


def _timed(work: Callable[[], Any], size: int) -> tuple[Any, Each]:
    """The answer, and elapsed and processor seconds per element."""
    begun, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return answer, ((time.perf_counter() - begun) / size, (time.process_time() - cpu) / size)


def _differences(principal: Any, rate_units: Any, sample: int) -> int:
    made = vector_schedules.schedules(_batch(principal[:sample], rate_units[:sample]))
    different = 0
    for row, (fen, rate) in enumerate(_pairs(principal, rate_units, sample)):
        lines = decimal_schedule(int(fen), int(rate), PERIODS)
        mine = list(zip(made.principal_fen[row].tolist(), made.interest_fen[row].tolist(), strict=True))
        different += [(int(a), int(b)) for a, b in lines] != mine
    return different


def _irr_difference(flows: Any) -> float:
    sample = flows[:2_000]
    mine = vector.monthly_irr(sample.astype(np.int64))
    return max(abs(float(a) - float(pyxirr.irr(row))) for a, row in zip(mine, sample, strict=True))


def _batch(principal: Any, rate_units: Any) -> vector_schedules.Batch:
    return vector_schedules.Batch(method=Method.EQUAL_INSTALMENT, principal_fen=principal, periods=PERIODS, rate_units=rate_units)


def _pairs(principal: Any, rate_units: Any, sample: int) -> list[tuple[int, int]]:
    return list(zip(principal[:sample].tolist(), rate_units[:sample].tolist(), strict=True))


if __name__ == "__main__":
    run()
