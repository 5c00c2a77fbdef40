"""The repayment schedule (还款计划): rows to the fen for every repayment method of DOMAIN §3.

Interest of a line is rounded half up once; the last line takes the remaining principal.
"""

from chezhe.finmath import fees, kernels
from chezhe.finmath.plan import Plan, lay_out
from chezhe.finmath.terms import Method, QuoteTerms, Row, TermsError


def build(terms: QuoteTerms) -> tuple[Row, ...]:
    """The rows of `terms`; raises TermsError. A bullet has one row, on the last due date."""
    return rows_of(lay_out(terms), terms)


def rows_of(plan: Plan, terms: QuoteTerms) -> tuple[Row, ...]:
    """The rows of a laid-out plan, with the monthly fees of its terms."""
    principals, interests = fill(plan)
    first = len(plan.periods) - 1 if plan.method is Method.BULLET else 0
    monthly_fees = fees.per_line(terms.fees, first, len(plan.periods))
    rows, balance = [], plan.principal_fen
    for at in range(first, len(plan.periods)):
        principal, interest = principals[at], interests[at]
        balance -= principal
        rows.append(
            Row(
                period=at - first + 1,
                due_date=plan.periods[at].to_date,
                principal_fen=principal,
                interest_fen=interest,
                fee_fen=monthly_fees[at],
                total_fen=principal + interest + monthly_fees[at],
                balance_fen=balance,
            )
        )
    return tuple(rows)


def fill(plan: Plan) -> tuple[list[int], list[int]]:
    """Principal and interest of each line in fen, by the same kernels the array form compiles."""
    count = len(plan.periods)
    principals, interests = [0] * count, [0] * count
    numerators, denominator = plan.factors.numerators, plan.factors.denominator
    if plan.method is Method.EQUAL_PRINCIPAL:
        kernels.fill_equal_principal(plan.principal_fen, numerators, denominator, count, principals, interests)
    elif plan.method is Method.INTEREST_ONLY_BULLET:
        kernels.fill_interest_only(plan.principal_fen, numerators, denominator, count, principals, interests)
    elif plan.method is Method.BULLET:
        kernels.fill_bullet(plan.principal_fen, numerators, denominator, count, principals, interests)
    elif plan.method is Method.FLAT_EQUAL:
        kernels.fill_flat(plan.principal_fen, plan.flat[0], plan.flat[1], count, principals, interests)
    else:
        _fill_level(plan, principals, interests)
    return principals, interests


def _fill_level(plan: Plan, principals: list[int], interests: list[int]) -> None:
    refused, _, _ = kernels.fill_level(
        plan.principal_fen,
        plan.ledger_numerators(),
        plan.factors.denominator,
        plan.weights,
        plan.weight_scale,
        0,
        plan.instalment_fen,
        len(plan.periods),
        principals,
        interests,
    )
    if refused:
        field = "steps" if plan.weight_scale != 1 else "instalment"
        raise TermsError("instalment_below_interest", field, {"period": refused})
    if 0 <= plan.stub_index < len(principals):
        numerator = plan.factors.numerators[plan.stub_index]
        kernels.restate_interest(plan.principal_fen, principals, interests, plan.stub_index, numerator, plan.factors.denominator)
