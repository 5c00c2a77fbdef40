"""`chezhe rate`: the rate of evenly spaced or dated cash flows."""

from __future__ import annotations

from datetime import date

from chezhe.cli.reading import Fields, amount_fen, rate_text
from chezhe.cli.refusals import Refusal
from chezhe.finmath.rates import dated_rate, periodic_rate
from chezhe.finmath.terms import RateAnswer, TermsError

KEYS = ("flows", "per_year")
FLOWS_MAX = 5000
PER_YEAR_MAX = 366


def answer(value: object) -> dict[str, object]:
    """The rates of one JSON object of flows. Raises Refusal."""
    fields = Fields(value, KEYS)
    fields.required("flows")
    try:
        return _as_json(_rate(fields))
    except TermsError as problem:
        raise Refusal(problem.code, problem.field, problem.facts)


def _rate(fields: Fields) -> RateAnswer:
    flows = fields.items("flows", FLOWS_MAX, _flow)
    amounts = [flow for flow in flows if isinstance(flow, int)]
    dated = [flow for flow in flows if not isinstance(flow, int)]
    if amounts and dated:
        raise Refusal("mixed_flows", "flows")
    if dated:
        if fields.has("per_year"):
            raise Refusal("per_year_not_used", "per_year")
        return dated_rate(dated)
    per_year = fields.whole("per_year")
    if not 1 <= per_year <= PER_YEAR_MAX:
        raise Refusal("per_year_out_of_range", "per_year")
    return periodic_rate(amounts, per_year)


def _flow(value: object, where: str) -> int | tuple[date, int]:
    if isinstance(value, dict):
        fields = Fields(value, ("date", "amount"), where)
        return fields.day("date"), fields.amount("amount")
    return amount_fen(value, where)


def _as_json(found: RateAnswer) -> dict[str, object]:
    rates: dict[str, object] = {
        "periodic": rate_text(found.periodic),
        "simple": rate_text(found.simple),
        "compound": rate_text(found.compound),
        "xirr": rate_text(found.xirr),
    }
    return rates if found.note is None else rates | {"note": found.note.value}
