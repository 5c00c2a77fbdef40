"""Random terms that can be quoted, and some at the edges."""

from datetime import date
from decimal import Decimal

import numpy as np
from hypothesis import strategies as st

from chezhe.finmath import level
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Step, Stub, StubLevel
from chezhe.finmath.vector_schedules import Batch

principals = st.one_of(st.integers(1, 5_000), st.integers(1, 10**9), st.integers(1, 10**13))
rates = st.one_of(
    st.integers(0, 3600).map(lambda n: Decimal(n).scaleb(-4)),
    st.integers(0, 36 * 10**8).map(lambda n: Decimal(n).scaleb(-10)),
)
starts = st.dates(date(2020, 1, 1), date(2032, 12, 31))
TWO_STEPS = (Step(from_period=1, factor=Decimal(1)), Step(from_period=3, factor=Decimal("1.2")))
stubs = st.none() | st.builds(
    Stub,
    basis=st.sampled_from(DayCount),
    level=st.sampled_from([None, *StubLevel]),
    skip_below_days=st.none() | st.integers(0, 31),
)


@st.composite
def steps(draw: st.DrawFn, periods: int) -> tuple[Step, ...]:
    """Rising steps that begin with line 1."""
    froms = sorted(draw(st.sets(st.integers(2, periods), max_size=3))) if periods > 1 else []
    factors = sorted(draw(st.lists(st.integers(50, 300), min_size=len(froms) + 1, max_size=len(froms) + 1)))
    return tuple(Step(from_period=at, factor=Decimal(f).scaleb(-2)) for at, f in zip([1, *froms], factors, strict=True))


@st.composite
def terms(draw: st.DrawFn, method: Method, most: int = 84) -> QuoteTerms:
    """Terms of one method; a stepped or oddly stubbed one may still be refused for not covering its interest."""
    principal, periods = draw(principals), draw(st.integers(1, most))
    flat = method is Method.FLAT_EQUAL
    monthly = flat and draw(st.booleans())
    rate = draw(rates)
    return QuoteTerms(
        principal_fen=max(principal, 2),
        method=method,
        start_date=draw(starts),
        annual_rate=None if flat else rate,
        flat_monthly_rate=rate if monthly else None,
        flat_annual_rate=rate if flat and not monthly else None,
        periods=periods,
        due_day=draw(st.none() | st.integers(1, 31)),
        day_count=draw(st.sampled_from(DayCount)),
        balloon_fen=draw(st.integers(1, max(principal, 2) - 1)) if method is Method.BALLOON else None,
        steps=draw(steps(periods)) if method is Method.STEPPED else (),
        stub=draw(stubs),
    )


@st.composite
def batches(draw: st.DrawFn, method: Method, most: int = 84) -> Batch:
    """Up to four loans of one product, with dates."""
    size = draw(st.integers(1, 4))

    def column(values: st.SearchStrategy[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        return np.array(draw(st.lists(values, min_size=size, max_size=size)), dtype=np.int64)

    principal = np.maximum(column(principals), 2)
    periods = column(st.integers(1, most))
    return Batch(
        method=method,
        principal_fen=principal,
        periods=periods,
        rate_units=column(rates.map(level.rate_units)),
        balloon_fen=np.maximum(principal * column(st.integers(0, 99)) // 100, 1) if method is Method.BALLOON else 0,
        steps=draw(steps(int(periods.min()))) if method is Method.STEPPED else (),
        day_count=draw(st.sampled_from(DayCount)),
        stub=draw(stubs),
        starts=column(starts.map(date.toordinal)),
        anchor_days=column(st.integers(1, 31)),
    )
