"""Facts, cells and sums as Ibis expressions, with the same three values and the same digits as in Python.

A fact column of the relation must have the type of its input: whole numbers for integer, decimals of at most ten places or whole numbers
for number, timestamps with a zone for datetime. A binary float is refused: cast it to a decimal and thereby say how many digits count.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

import ibis  # type: ignore[import-untyped]
from ibis.expr import datatypes as dt  # type: ignore[import-untyped]

from chezhe.decisiontables.facts import BOUND
from chezhe.decisiontables.parsed import InputColumn
from chezhe.decisiontables.sums import DIGITS_MAX, as_type, digits
from chezhe.decisiontables.syntax import (
    Arithmetic,
    Comparison,
    Equal,
    Expression,
    InputCell,
    Literal,
    Null,
    Operand,
    Reference,
    Test,
    Value,
)
from chezhe.decisiontables.values import DECIMALS_MAX, WHOLE_DIGITS_MAX, Column, Place, TableError, Type

NUMBER = dt.Decimal(WHOLE_DIGITS_MAX + DECIMALS_MAX, DECIMALS_MAX)
ANSWER = dt.Decimal(DIGITS_MAX, DECIMALS_MAX)
MOMENT = dt.Timestamp(timezone="UTC")
TYPES: dict[Type, Any] = {
    Type.NUMBER: ANSWER, Type.INTEGER: dt.int64, Type.TEXT: dt.string, Type.BOOLEAN: dt.boolean, Type.DATE: dt.date, Type.DATETIME: MOMENT,
}  # fmt: skip
FACT_TYPES = TYPES | {Type.NUMBER: NUMBER}
Expr = Any  # an ibis value expression


def any_of(parts: list[Expr]) -> Expr:
    """True when one is; false of none."""
    return reduce(lambda one, other: one | other, parts) if parts else ibis.literal(False)


def all_of(parts: list[Expr]) -> Expr:
    """True when all are; true of none."""
    return reduce(lambda one, other: one & other, parts) if parts else ibis.literal(True)


def literal(value: Value, type: Type, beside: Any = None) -> Expr:
    """A literal in the type of its column; `beside` a fact of fewer digits in as few, if it has no more, so that no row is widened."""
    if isinstance(value, datetime):
        value = value.astimezone(UTC)
    if type is not Type.NUMBER:
        return ibis.literal(value, type=FACT_TYPES[type])
    number = Decimal(value)  # type: ignore[arg-type]
    return ibis.literal(number, type=beside if _has_room(beside, number) else NUMBER)


def _has_room(kind: Any, number: Decimal) -> bool:
    """Whether a decimal type holds this number exactly."""
    if kind is None or not kind.is_decimal() or kind.precision is None:
        return False
    return bool(abs(number) < 10 ** (kind.precision - kind.scale) and number == round(number, kind.scale))


def raw_fact(relation: Any, column: Column) -> Expr:
    """The fact as it stands in the relation; null where the relation has no such column. Raises TableError for another type."""
    if column.name not in relation.columns:
        return ibis.null().cast(FACT_TYPES[column.type])
    found = relation[column.name]
    kind = found.type()
    if not (kind.is_null() or _fits(column.type, kind)):
        raise TableError("relation_type", {"name": column.name, "type": str(kind), "wanted": column.type.value}, Place(0, column.name))
    return found.cast(FACT_TYPES[column.type]) if kind.is_null() else found


def _fits(type: Type, kind: Any) -> bool:
    if type is Type.NUMBER:
        return kind.is_integer() or (kind.is_decimal() and (kind.scale or 0) <= DECIMALS_MAX)
    if type is Type.INTEGER:
        return kind.is_integer() or (kind.is_decimal() and not kind.scale)
    if type is Type.DATETIME:
        return bool(kind.is_timestamp() and kind.timezone)
    return bool({Type.TEXT: kind.is_string, Type.BOOLEAN: kind.is_boolean, Type.DATE: kind.is_date}[type]())


def known_fact(raw: Expr, column: InputColumn, *, is_clean: bool = False) -> Expr:
    """The fact, null where it is unknown: missing, out of bounds, empty, or outside the column's values. `is_clean` is a relation of which
    somebody has seen to it that no figure is out of bounds and no text empty."""
    type = column.column.type
    value, checks = raw, []
    if not is_clean:
        value, checks = _inside(raw, type), [raw.strip() != ""] if type is Type.TEXT else []
    if column.allowed.tests:
        checks.append(holds(column.allowed, value, {}, type))
    return all_of(checks).ifelse(value, ibis.null()).cast(FACT_TYPES[type]) if checks else value


def _inside(raw: Expr, type: Type) -> Expr:
    if type not in (Type.NUMBER, Type.INTEGER):
        return raw
    return ((raw < BOUND) & (raw > -BOUND)).ifelse(raw, ibis.null()).cast(FACT_TYPES[type])


def holds(cell: InputCell, own: Expr, facts: dict[str, Expr], type: Type) -> Expr:
    """What a cell says of a fact: true, false, or null where the fact (or one it looks at) is unknown."""
    equal = [test.operand.value for test in cell.tests if isinstance(test, Equal) and isinstance(test.operand, Literal)]
    parts = [_is_one_of(own, equal, type)] if equal else []
    for test in cell.tests:
        if not (isinstance(test, Null) or (isinstance(test, Equal) and isinstance(test.operand, Literal))):
            parts.append(_test(test, own, facts, type))
    found = any_of(parts)
    found = ~found if cell.negated else found
    return found if parts else own.notnull().ifelse(found, ibis.null().cast("boolean"))


def _is_one_of(own: Expr, values: list[Value], type: Type) -> Expr:
    if type is Type.BOOLEAN and len(values) == 1:
        return own if values[0] else ~own
    given = [literal(value, type, own.type()) for value in values]
    return own == given[0] if len(given) == 1 else own.isin(given)


def _test(test: Test, own: Expr, facts: dict[str, Expr], type: Type) -> Expr:
    if isinstance(test, Equal):
        return own == _operand(test.operand, facts, type, own)
    if isinstance(test, Comparison):
        return _compared(test.sign, own, _operand(test.operand, facts, type, own))
    assert not isinstance(test, Null)
    above = _compared(">=" if test.has_low else ">", own, _operand(test.low, facts, type, own))
    return above & _compared("<=" if test.has_high else "<", own, _operand(test.high, facts, type, own))


def _compared(sign: str, own: Expr, other: Expr) -> Expr:
    if sign[0] == "<":
        return own <= other if sign == "<=" else own < other
    return own >= other if sign == ">=" else own > other


def _operand(operand: Operand, facts: dict[str, Expr], type: Type, own: Expr) -> Expr:
    return facts[operand.name] if isinstance(operand, Reference) else literal(operand.value, type, own.type())


def constant_value(cell: Expression | None, type: Type) -> Value | None:
    """An answer that is a plain value or null, as a database literal takes it."""
    if not isinstance(cell, Literal):
        return None
    value = as_type(cell.value, type)
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def constant(cell: Expression, type: Type) -> Expr:
    """The same as an expression in the type of its column."""
    value = constant_value(cell, type)
    return ibis.null().cast(TYPES[type]) if value is None else ibis.literal(value, type=TYPES[type])


def worked_out(cell: Expression, facts: dict[str, Expr], columns: dict[str, Type]) -> Expr:
    """A sum to ten decimals; null for an unknown fact and for a division by zero."""
    return _sum(cell, facts, columns).cast(ANSWER)


def _sum(cell: Expression, facts: dict[str, Expr], columns: dict[str, Type]) -> Expr:
    """A sum as DECIMAL(38, s) with the decimals s it may have; no step can overflow, because `sums.check` counted its digits."""
    kind = dt.Decimal(DIGITS_MAX, digits(cell, columns)[1])
    if isinstance(cell, Literal):
        return ibis.literal(Decimal(cell.value), type=kind)  # type: ignore[arg-type]
    if isinstance(cell, Reference):
        return facts[cell.name].cast(kind)
    assert isinstance(cell, Arithmetic)
    parts = [_sum(part, facts, columns) for part in cell.parts]
    if cell.sign == "/":
        shift = max(digits(part, columns)[1] for part in cell.parts)
        return _quotient(*(_whole(part, digits(p, columns)[1], shift) for part, p in zip(parts, cell.parts, strict=True)))
    if cell.sign in ("min", "max"):
        chosen = (ibis.least if cell.sign == "min" else ibis.greatest)(*(part.cast(kind) for part in parts))
        # A database leaves nulls out; here one unknown part makes the answer unknown.
        return all_of([part.notnull() for part in parts]).ifelse(chosen, ibis.null()).cast(kind)
    if cell.sign == "negate":
        return (ibis.literal(Decimal(0), type=kind) - parts[0]).cast(kind)
    if cell.sign == "floor":
        return parts[0].floor().cast(kind)
    one, other = parts
    return {"+": lambda: one + other, "-": lambda: one - other, "*": lambda: one * other}[cell.sign]().cast(kind)


WHOLE = dt.Decimal(DIGITS_MAX, 0)


def _whole(value: Expr, decimals: int, shift: int) -> Expr:
    """`value` times ten to the power of `shift`, as a whole number."""
    bare = (value * _power(decimals)).cast(WHOLE)
    return (bare * _power(shift - decimals)).cast(WHOLE)


def _power(exponent: int) -> Expr:
    return ibis.literal(Decimal(10**exponent), type=WHOLE)


def _quotient(dividend: Expr, divisor: Expr) -> Expr:
    """Half up to ten decimals. No database divides decimals exactly: a binary quotient proposes, and the exact rest corrects it."""
    above, below = (dividend.abs() * _power(DECIMALS_MAX)).cast(WHOLE), divisor.abs().nullif(0)
    found = _proposed(above, below)
    for _round in range(2):
        found = (found + _proposed(above - found * below, below)).cast(WHOLE)
    rest = ((above - found * below) * 2).cast(WHOLE)
    one, none = ibis.literal(Decimal(1), type=WHOLE), ibis.literal(Decimal(0), type=WHOLE)
    found = found + ibis.cases((rest >= below, one), (rest < -below, -one), else_=none)
    signed = ((dividend < 0) ^ (divisor < 0)).ifelse(-found, found)
    return (signed * ibis.literal(Decimal(1).scaleb(-DECIMALS_MAX), type=ANSWER)).cast(ANSWER)


def _proposed(above: Expr, below: Expr) -> Expr:
    return (above.cast("float64") / below.cast("float64")).cast(WHOLE)
