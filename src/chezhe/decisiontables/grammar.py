"""Cells as people type them, read by recursive descent: the unary tests of S-FEEL for facts, literals and sums for answers.

    input  = "-" | tests | "not" "(" tests ")"            an empty cell is "-"
    tests  = test { "," test }
    test   = "null" | value | ("<" | "<=" | ">" | ">=") value | ("[" | "(" | "]") value ".." value ("]" | ")" | "[")
    value  = literal | name of another input column        a name only where the test stands alone
    output = "null" | literal | sum                        an empty cell or "-" is null
    sum    = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor = number | name of an input | "-" factor | "(" sum ")" | ("min" | "max") "(" sum "," sum … ")" | "floor" "(" sum ")"
    literal = number | number "%" | string | true | false | date("2026-01-31") | date and time("2026-01-31T08:00:00+08:00")

A bare word is a text literal where the column's `values` name it. There is nothing to call, no attribute, no index: a cell cannot do
more than compare. Length, depth and steps are bounded; every refusal is a TableError.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from chezhe.decisiontables.syntax import (
    Arithmetic,
    Comparison,
    Equal,
    Expression,
    InputCell,
    Interval,
    Literal,
    Null,
    Operand,
    Reference,
    Test,
    Value,
    operands,
)  # fmt: skip
from chezhe.decisiontables.tokens import Kind, Token, tokens
from chezhe.decisiontables.values import TEXT_LENGTH_MAX, TableError, Type

DEPTH_MAX = 24
NUMERIC = (Type.NUMBER, Type.INTEGER)
ORDERED = (Type.NUMBER, Type.INTEGER, Type.DATE, Type.DATETIME)
COMPARISONS = ("<", "<=", ">", ">=")


class Cell:
    """The reading of one cell: its tokens, and what the column allows."""

    def __init__(self, text: str, type: Type, words: frozenset[str], columns: Mapping[str, Type]) -> None:
        """`words` may stand without quotes; `columns` are the inputs that may be named."""
        self.tokens = tokens(text)
        self.type, self.words, self.columns = type, words, columns
        self.next = 0
        self.steps = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """The token to be read now."""
        return self.tokens[self.next]

    def is_at(self, *texts: str) -> bool:
        """True when one of these signs or words comes now."""
        return self.token.kind in (Kind.SIGN, Kind.WORD) and self.token.text in texts

    def take(self) -> Token:
        """Read one token on. Every step of the parser takes one, so there are no more steps than tokens."""
        token = self.tokens[self.next]
        self.steps += 1
        if token.kind is not Kind.END:
            self.next += 1
        return token

    def accept(self, text: str) -> bool:
        """Read the sign or word if it comes now."""
        found = self.is_at(text)
        if found:
            self.take()
        return found

    def expect(self, *texts: str) -> str:
        """Read one of the signs or words, or refuse."""
        if not self.is_at(*texts):
            raise self.unexpected(" ".join(texts))
        return self.take().text

    def unexpected(self, wanted: str) -> TableError:
        """The refusal of what comes now."""
        if self.token.kind is Kind.END:
            return TableError("cell_ends", {"wanted": wanted})
        return TableError("cell_unexpected", {"found": self.token.text[:40], "wanted": wanted})

    def end(self) -> None:
        """Refuse anything left over."""
        if self.token.kind is not Kind.END:
            raise self.unexpected(", ")

    def deeper(self) -> None:
        """Count one bracket more; the caller counts it back."""
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise TableError("cell_too_deep", {"max": DEPTH_MAX})


NO_WORDS: frozenset[str] = frozenset()
NO_COLUMNS: Mapping[str, Type] = {}


def read_input(
    text: str, type: Type, words: frozenset[str] = NO_WORDS, columns: Mapping[str, Type] = NO_COLUMNS
) -> InputCell:
    """The tests of an input cell. Raises TableError."""
    cell = Cell(text, type, words, columns)
    if cell.token.kind is Kind.END:
        return InputCell()
    if cell.is_at("-") and cell.tokens[cell.next + 1].kind is Kind.END:
        cell.take()
        return InputCell()
    is_negated = cell.accept("not")
    if is_negated:
        cell.expect("(")
    found = _tests(cell)
    if is_negated:
        cell.expect(")")
    cell.end()
    if (is_negated or len(found) > 1) and any(isinstance(operand, Reference) for test in found for operand in operands(test)):
        raise TableError("reference_not_alone")
    return InputCell(found, is_negated)


def read_output(text: str, type: Type, words: frozenset[str] = NO_WORDS, columns: Mapping[str, Type] = NO_COLUMNS) -> Expression:
    """The answer of an output cell. Raises TableError."""
    cell = Cell(text, type, words, columns)
    if cell.token.kind is Kind.END:
        return Null()
    if (cell.is_at("-") or cell.is_at("null")) and cell.tokens[cell.next + 1].kind is Kind.END:
        cell.take()
        return Null()
    if type in NUMERIC:
        found = _sum(cell)
    else:
        operand = _operand(cell)
        if isinstance(operand, Reference):
            raise TableError("word_unknown", {"word": operand.name[:40]})
        found = operand
    cell.end()
    return found


def _tests(cell: Cell) -> tuple[Test, ...]:
    found = [_test(cell)]
    while cell.accept(","):
        found.append(_test(cell))
    return tuple(found)


def _test(cell: Cell) -> Test:
    if cell.accept("null"):
        return Null()
    if cell.is_at(*COMPARISONS):
        if cell.type not in ORDERED:
            raise TableError("not_ordered", {"type": cell.type.value})
        return Comparison(cell.take().text, _operand(cell))
    if cell.is_at("[", "(", "]"):
        return _interval(cell)
    return Equal(_operand(cell))


def _interval(cell: Cell) -> Interval:
    if cell.type not in ORDERED:
        raise TableError("not_ordered", {"type": cell.type.value})
    has_low = cell.take().text == "["
    low = _operand(cell)
    cell.expect("..")
    high = _operand(cell)
    has_high = cell.expect("]", ")", "[") == "]"
    if isinstance(low, Literal) and isinstance(high, Literal):
        is_empty = low.value > high.value or (low.value == high.value and not (has_low and has_high))  # type: ignore[operator]
        if is_empty:
            raise TableError("interval_empty")
    return Interval(low, high, has_low, has_high)


def _operand(cell: Cell) -> Operand:
    """One literal of the column's type, or another column of the same kind."""
    token = cell.token
    if token.kind is Kind.STRING:
        cell.take()
        return Literal(_of_type(cell, token.text, Type.TEXT))
    if token.kind is Kind.NUMBER or cell.is_at("-"):
        is_negative = cell.accept("-")
        if cell.token.kind is not Kind.NUMBER:
            raise cell.unexpected("0–9")
        return Literal(_number(cell, cell.take(), is_negative))
    if token.kind is Kind.WORD:
        return _word(cell)
    raise cell.unexpected(cell.type.value)


def _word(cell: Cell) -> Operand:
    word = cell.take().text
    if cell.type is Type.TEXT and word in cell.words:
        return Literal(word)
    if word in ("true", "false"):
        return Literal(_of_type(cell, word == "true", Type.BOOLEAN))
    if word == "date":
        return Literal(_moment(cell))
    other = cell.columns.get(word)
    if other is None:
        raise TableError("word_unknown", {"word": word[:40]})
    if other is not cell.type and not (other in NUMERIC and cell.type in NUMERIC):
        raise TableError("reference_type", {"name": word, "type": other.value, "wanted": cell.type.value})
    return Reference(word)


def _of_type(cell: Cell, value: Value, type: Type) -> Value:
    if cell.type is not type:
        raise TableError("literal_type", {"type": type.value, "wanted": cell.type.value})
    if isinstance(value, str) and len(value) > TEXT_LENGTH_MAX:
        raise TableError("text_too_long", {"max": TEXT_LENGTH_MAX})
    return value


def _number(cell: Cell, token: Token, is_negative: bool) -> Value:
    if cell.type not in NUMERIC:
        raise TableError("literal_type", {"type": Type.NUMBER.value, "wanted": cell.type.value})
    assert isinstance(token.value, Decimal)
    value = -token.value if is_negative and token.value else token.value
    return _fitting(value, cell.type)


def _fitting(value: Decimal, type: Type) -> Value:
    if type is Type.NUMBER:
        return value
    if value != value.to_integral_value():
        raise TableError("not_whole", {"text": f"{value:f}"})
    return int(value)


def _moment(cell: Cell) -> Value:
    """What follows the word `date`."""
    is_moment = cell.accept("and")
    if is_moment:
        cell.expect("time")
    cell.expect("(")
    if cell.token.kind is not Kind.STRING:
        raise cell.unexpected('"2026-01-31"')
    text = cell.take().text
    cell.expect(")")
    value = moment(text) if is_moment else day(text)
    if value is None:
        raise TableError("bad_moment" if is_moment else "bad_day", {"text": text[:40]})
    return _of_type(cell, value, Type.DATETIME if is_moment else Type.DATE)


def day(text: str) -> date | None:
    """The date written `2026-01-31`; None for anything else."""
    if len(text) != 10 or not text.isascii() or text[4] != "-" or text[7] != "-" or not text.replace("-", "").isdigit():
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    """The moment written `2026-01-31T08:00:00+08:00`, zone and all; None for anything else."""
    if not 20 <= len(text) <= 32 or not text.isascii() or text[10] != "T" or day(text[:10]) is None:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found if found.utcoffset() is not None else None
    except ValueError:
        return None


def _sum(cell: Cell) -> Expression:
    found = _product(cell)
    while cell.is_at("+", "-"):
        sign = cell.take().text
        found = Arithmetic(sign, (found, _product(cell)))
    return found


def _product(cell: Cell) -> Expression:
    found = _factor(cell)
    while cell.is_at("*", "/"):
        sign = cell.take().text
        found = Arithmetic(sign, (found, _factor(cell)))
    return found


def _factor(cell: Cell) -> Expression:
    cell.deeper()
    found = _factor_inside(cell)
    cell.depth -= 1
    return found


def _factor_inside(cell: Cell) -> Expression:
    if cell.accept("-"):
        inner = _factor(cell)
        is_number = isinstance(inner, Literal) and not isinstance(inner.value, str | bool | date)
        return Literal(-inner.value) if is_number else Arithmetic("negate", (inner,))  # type: ignore[operator, union-attr]
    if cell.accept("("):
        inner = _sum(cell)
        cell.expect(")")
        return inner
    if cell.is_at("min", "max", "floor"):
        return _function(cell)
    token = cell.token
    if token.kind is Kind.NUMBER:
        assert isinstance(token.value, Decimal)
        cell.take()
        return Literal(token.value)
    operand = _operand(cell)
    if isinstance(operand, Literal):
        raise TableError("literal_type", {"type": Type.TEXT.value, "wanted": cell.type.value})
    return operand


def _function(cell: Cell) -> Expression:
    name = cell.take().text
    cell.expect("(")
    parts = [_sum(cell)]
    if name != "floor":
        cell.expect(",")
        parts.append(_sum(cell))
        while cell.accept(","):
            parts.append(_sum(cell))
    cell.expect(")")
    return Arithmetic(name, tuple(parts))
