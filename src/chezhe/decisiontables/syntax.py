"""What a cell says once it has been read: frozen values, and their one canonical text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

Value = Decimal | int | str | bool | date | datetime


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as it stands."""

    value: Value


@dataclass(frozen=True, slots=True)
class Reference:
    """The fact of another input column."""

    name: str


Operand = Literal | Reference


@dataclass(frozen=True, slots=True)
class Null:
    """The fact is missing, and that is the answer."""


@dataclass(frozen=True, slots=True)
class Equal:
    """The fact is this."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Comparison:
    """The fact is `<`, `<=`, `>` or `>=` this."""

    sign: str
    operand: Operand


@dataclass(frozen=True, slots=True)
class Interval:
    """The fact lies between two ends, each inside or not."""

    low: Operand
    high: Operand
    has_low: bool
    has_high: bool


Test = Null | Equal | Comparison | Interval


@dataclass(frozen=True, slots=True)
class InputCell:
    """Any of `tests`, or none of them when `negated`. No tests at all: anything will do, a missing fact as well."""

    tests: tuple[Test, ...] = ()
    negated: bool = False

    @property
    def references(self) -> tuple[str, ...]:
        """The other columns it looks at."""
        return tuple(operand.name for test in self.tests for operand in operands(test) if isinstance(operand, Reference))


def operands(test: Test) -> tuple[Operand, ...]:
    """What the test compares the fact with."""
    if isinstance(test, Interval):
        return (test.low, test.high)
    return () if isinstance(test, Null) else (test.operand,)


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`+ - * /` of two, `min` or `max` of several, `floor` or `negate` of one."""

    sign: str
    parts: tuple[Expression, ...]


Expression = Literal | Reference | Null | Arithmetic


def references(expression: Expression) -> tuple[str, ...]:
    """The input columns an answer is worked out from, each once."""
    if isinstance(expression, Reference):
        return (expression.name,)
    if not isinstance(expression, Arithmetic):
        return ()
    return tuple(dict.fromkeys(name for part in expression.parts for name in references(part)))


def print_input(cell: InputCell) -> str:
    """The canonical text of a test: `-`, `"A", "B"`, `not(null, < 5)`, `[0..12)`."""
    tests = ", ".join(_print_test(test) for test in cell.tests)
    return f"not({tests})" if cell.negated else tests or "-"


def print_output(expression: Expression) -> str:
    """The canonical text of an answer, with no bracket that is not needed."""
    return _print_expression(expression, 0)


def print_literal(value: Value) -> str:
    """A literal as the grammar reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, datetime):
        return f'date and time("{value.isoformat()}")'
    if isinstance(value, date):
        return f'date("{value.isoformat()}")'
    return number_text(value)


def number_text(value: Decimal | int) -> str:
    """The digits of a number without exponent, trailing zeros or a minus before zero."""
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _print_test(test: Test) -> str:
    if isinstance(test, Null):
        return "null"
    if isinstance(test, Equal):
        return _print_operand(test.operand)
    if isinstance(test, Comparison):
        return f"{test.sign} {_print_operand(test.operand)}"
    low, high = "[" if test.has_low else "(", "]" if test.has_high else ")"
    return f"{low}{_print_operand(test.low)}..{_print_operand(test.high)}{high}"


def _print_operand(operand: Operand) -> str:
    return operand.name if isinstance(operand, Reference) else print_literal(operand.value)


STRENGTHS = {"+": 1, "-": 1, "*": 2, "/": 2, "negate": 3}


def _print_expression(expression: Expression, around: int) -> str:
    """`around` is the strength of the operator it stands in; a right-hand side asks for one more."""
    if isinstance(expression, Null):
        return "null"
    if isinstance(expression, Literal | Reference):
        text = _print_operand(expression)
        return f"({text})" if text.startswith("-") and around else text
    sign, parts = expression.sign, expression.parts
    if sign not in STRENGTHS:
        return f"{sign}({', '.join(_print_expression(part, 0) for part in parts)})"
    strength = STRENGTHS[sign]
    if sign == "negate":
        text = f"-{_print_expression(parts[0], strength)}"
    else:
        text = f"{_print_expression(parts[0], strength)} {sign} {_print_expression(parts[1], strength + 1)}"
    return f"({text})" if strength < around or (sign == "negate" and around) else text
