"""Answers that are worked out: exact sums of facts, and before that the proof that they can be exact.

A product or sum is exact; a quotient is rounded half up to ten decimals, and so is the answer once. Dividing by zero leaves the answer
unknown. What could need more than 38 digits (number × number, say) is refused when the table is read, so that the same sum is exact in
every database.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from chezhe.decisiontables.facts import EXACT, STEP
from chezhe.decisiontables.syntax import Arithmetic, Expression, Literal, Reference, Value, number_text
from chezhe.decisiontables.values import DECIMALS_MAX, WHOLE_DIGITS_MAX, TableError, Type

DIGITS_MAX = 38


def result(expression: Expression, facts: Mapping[str, Value], type: Type) -> Value | None:
    """The answer for these facts (those it refers to must be known); None for null and for a division by zero."""
    if isinstance(expression, Literal):
        return as_type(expression.value, type)
    found = worked_out(expression, facts)
    return None if found is None else as_type(found, type)


def as_type(value: Value, type: Type) -> Value:
    """A number in the one form of its column: Decimal without trailing zeros, or int. Other values stay."""
    if type is Type.NUMBER:
        return Decimal(number_text(_ten_decimals(Decimal(value))))  # type: ignore[arg-type]
    if type is Type.INTEGER:
        return int(value)  # type: ignore[arg-type]
    return value


def _ten_decimals(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    is_fine = isinstance(exponent, int) and exponent < -DECIMALS_MAX
    return value.quantize(STEP, ROUND_HALF_UP, EXACT) if is_fine else value


def worked_out(expression: Expression, facts: Mapping[str, Value]) -> Decimal | None:
    """The number an expression comes to; None when it divides by zero."""
    if isinstance(expression, Literal):
        return Decimal(expression.value)  # type: ignore[arg-type]
    if isinstance(expression, Reference):
        return Decimal(facts[expression.name])  # type: ignore[arg-type]
    if not isinstance(expression, Arithmetic):
        return None
    parts = [worked_out(part, facts) for part in expression.parts]
    numbers = [part for part in parts if part is not None]
    return _joined(expression.sign, numbers) if len(numbers) == len(parts) else None


def _joined(sign: str, parts: list[Decimal]) -> Decimal | None:
    if sign == "+":
        return EXACT.add(parts[0], parts[1])
    if sign == "-":
        return EXACT.subtract(parts[0], parts[1])
    if sign == "*":
        return EXACT.multiply(parts[0], parts[1])
    if sign == "/":
        return quotient(parts[0], parts[1]) if parts[1] else None
    if sign == "negate":
        return EXACT.minus(parts[0])
    if sign == "floor":
        return parts[0].to_integral_value(ROUND_FLOOR, EXACT)
    return min(parts) if sign == "min" else max(parts)


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient to ten decimals, half up, of exact whole numbers: no rounding before the rounding."""
    shift = max(_scale(dividend), _scale(divisor), 0)
    above = int(abs(dividend).scaleb(shift + DECIMALS_MAX, EXACT))
    below = int(abs(divisor).scaleb(shift, EXACT))
    found = (2 * above + below) // (2 * below)
    return Decimal(-found if (dividend < 0) != (divisor < 0) else found).scaleb(-DECIMALS_MAX, EXACT)


def _scale(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def check(expression: Expression, columns: Mapping[str, Type], type: Type) -> None:
    """Raise TableError when the answer could need more than 38 digits, or a fraction in a whole-number column."""
    if isinstance(expression, Literal) and isinstance(expression.value, Decimal):
        if type is Type.INTEGER and expression.value != int(expression.value):
            raise TableError("not_whole", {"text": number_text(expression.value)})
    elif isinstance(expression, Arithmetic | Reference):
        whole, decimals = digits(expression, columns)
        if type is Type.INTEGER and decimals:
            raise TableError("sum_not_whole")
        if whole + DECIMALS_MAX > DIGITS_MAX:
            raise TableError("sum_too_long", {"max": DIGITS_MAX})


def digits(expression: Expression, columns: Mapping[str, Type]) -> tuple[int, int]:
    """How many digits before and after the point it may need at most. Raises TableError beyond 38 together."""
    if isinstance(expression, Literal):
        whole, _, decimals = number_text(expression.value).removeprefix("-").partition(".")  # type: ignore[arg-type]
        return len(whole), len(decimals)
    if isinstance(expression, Reference):
        return WHOLE_DIGITS_MAX, 0 if columns[expression.name] is Type.INTEGER else DECIMALS_MAX
    if not isinstance(expression, Arithmetic):
        return 0, 0
    needed = _digits_of(expression.sign, [digits(part, columns) for part in expression.parts])
    if sum(needed) > DIGITS_MAX:
        raise TableError("sum_too_long", {"max": DIGITS_MAX})
    return needed


def _digits_of(sign: str, parts: list[tuple[int, int]]) -> tuple[int, int]:
    whole, decimals = max(part[0] for part in parts), max(part[1] for part in parts)
    if sign in ("+", "-"):
        return whole + 1, decimals
    if sign == "*":
        return parts[0][0] + parts[1][0], parts[0][1] + parts[1][1]
    if sign == "/":
        _check_quotient(*parts)
        return parts[0][0] + parts[1][1], DECIMALS_MAX
    return (whole + 1, 0) if sign == "floor" else (whole, decimals)


def _check_quotient(above: tuple[int, int], below: tuple[int, int]) -> None:
    """A database divides whole numbers: twice the dividend with ten decimals more must fit as well."""
    shift = max(above[1], below[1])
    if above[0] + shift + DECIMALS_MAX + 1 > DIGITS_MAX or below[0] + shift + 1 > DIGITS_MAX:
        raise TableError("sum_too_long", {"max": DIGITS_MAX})


