"""`chezhe quote`: the public JSON of a quote, read into finmath's terms and written back from its answer."""

from __future__ import annotations

from chezhe.cli.reading import Fields, amount_text, rate_text
from chezhe.cli.refusals import Refusal
from chezhe.finmath.quote import quote
from chezhe.finmath.terms import (
    DayCount,
    Deposit,
    DepositRefund,
    FeeTerms,
    FeeWhen,
    Method,
    Quote,
    QuoteTerms,
    Row,
    Step,
    Stub,
    StubLevel,
    SubsidyTerms,
    TermsError,
)

KEYS = (
    "principal", "annual_rate", "method", "periods", "start_date", "first_due_date", "due_day", "day_count", "instalment", "balloon",
    "steps", "flat_monthly_rate", "flat_annual_rate", "stub", "deposit", "subsidy", "fees",
)  # fmt: skip
STEPS_MAX = 480
FEES_MAX = 50


def answer(value: object) -> dict[str, object]:
    """The plan, totals and rates of one JSON object of terms. Raises Refusal."""
    try:
        return quote_as_json(quote(terms_from(value)))
    except TermsError as problem:
        raise Refusal(problem.code, problem.field, problem.facts)


def terms_from(value: object) -> QuoteTerms:
    """The terms in one JSON object. Shapes are judged here, meanings in finmath."""
    fields = Fields(value, KEYS)
    return QuoteTerms(
        principal_fen=fields.amount("principal"),
        method=fields.choice("method", Method),
        start_date=fields.day("start_date"),
        annual_rate=fields.rate_or_none("annual_rate"),
        periods=fields.whole_or_none("periods"),
        first_due_date=fields.day_or_none("first_due_date"),
        due_day=fields.whole_or_none("due_day"),
        day_count=fields.choice("day_count", DayCount, DayCount.THIRTY_360),
        instalment_fen=fields.amount_or_none("instalment"),
        balloon_fen=fields.amount_or_none("balloon"),
        steps=fields.items("steps", STEPS_MAX, _step),
        flat_monthly_rate=fields.rate_or_none("flat_monthly_rate"),
        flat_annual_rate=fields.rate_or_none("flat_annual_rate"),
        stub=_stub(fields.required("stub"), "stub") if fields.has("stub") else None,
        deposit=_deposit(fields.required("deposit"), "deposit") if fields.has("deposit") else None,
        subsidy=_subsidy(fields.required("subsidy"), "subsidy") if fields.has("subsidy") else None,
        fees=fields.items("fees", FEES_MAX, _fee),
    )


def quote_as_json(found: Quote) -> dict[str, object]:
    """The public shape of a quote."""
    totals, rates = found.totals, found.rates
    return {
        "rows": [_row(row) for row in found.rows],
        "totals": {
            "principal": amount_text(totals.principal_fen),
            "interest": amount_text(totals.interest_fen),
            "fee": amount_text(totals.fee_fen),
            "upfront_fee": amount_text(totals.upfront_fee_fen),
            "subsidy": amount_text(totals.subsidy_fen),
            "total": amount_text(totals.total_fen),
            "net_advance": amount_text(totals.net_advance_fen),
        },
        "rates": {
            "monthly_irr": rate_text(rates.monthly_irr),
            "simple": rate_text(rates.simple),
            "compound": rate_text(rates.compound),
            "xirr": rate_text(rates.xirr),
            "all_in_simple": rate_text(rates.all_in_simple),
            "all_in_compound": rate_text(rates.all_in_compound),
            "all_in_xirr": rate_text(rates.all_in_xirr),
        },
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "period": row.period,
        "due_date": row.due_date.isoformat(),
        "principal": amount_text(row.principal_fen),
        "interest": amount_text(row.interest_fen),
        "fee": amount_text(row.fee_fen),
        "total": amount_text(row.total_fen),
        "balance": amount_text(row.balance_fen),
    }


def _step(value: object, where: str) -> Step:
    fields = Fields(value, ("from", "factor"), where)
    return Step(from_period=fields.whole("from"), factor=fields.rate("factor"))


def _stub(value: object, where: str) -> Stub:
    fields = Fields(value, ("basis", "level", "skip_below_days"), where)
    return Stub(
        basis=fields.choice("basis", DayCount, DayCount.ACT_360),
        level=fields.choice("level", StubLevel) if fields.has("level") else None,
        skip_below_days=fields.whole_or_none("skip_below_days"),
    )


def _deposit(value: object, where: str) -> Deposit:
    fields = Fields(value, ("amount", "refund"), where)
    return Deposit(amount_fen=fields.amount("amount"), refund=fields.choice("refund", DepositRefund, DepositRefund.LAST_RENT))


def _subsidy(value: object, where: str) -> SubsidyTerms:
    fields = Fields(value, ("rate", "cap_per_year"), where)
    return SubsidyTerms(rate=fields.rate("rate"), cap_per_year_fen=fields.amount_or_none("cap_per_year"))


def _fee(value: object, where: str) -> FeeTerms:
    fields = Fields(value, ("code", "amount", "when"), where)
    return FeeTerms(code=fields.string("code", "gps"), amount_fen=fields.amount("amount"), when=fields.choice("when", FeeWhen))
