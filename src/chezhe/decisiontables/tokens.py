"""The words of a cell: one pass, character by character, no pattern that could run away.

Full-width letters and Chinese punctuation outside quotes are read as their plain twins (`＜＝ ６０`, `、`, `【`, `“`). Characters that
cannot be seen, or that change the direction of writing, are refused anywhere.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from chezhe.decisiontables.values import CELL_LENGTH_MAX, DECIMALS_MAX, WHOLE_DIGITS_MAX, TableError


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    WORD = "word"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a cell; `value` is what a number or string stands for."""

    kind: Kind
    text: str
    value: Decimal | str | None = None


PLAIN = {
    "、": ", ", "【": "[", "】": "]", "〔": "[", "〕": "]", "≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "—": "-", "–": "-", "−": "-",
    "×": "*", "÷": "/", "\u3000": " ", "\u00a0": " ",
}  # fmt: skip
QUOTES = {'"': '"', "“": "”", "”": "”", "＂": "＂"}
SIGNS = ("<=", ">=", "..", "<", ">", "[", "]", "(", ")", ",", "+", "-", "*", "/")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def tokens(text: str) -> list[Token]:
    """The tokens of a cell, an END last. Raises TableError; never more tokens than characters plus one."""
    if len(text) > CELL_LENGTH_MAX:
        raise TableError("cell_too_long", {"max": CELL_LENGTH_MAX})
    for character in text:
        if unicodedata.category(character) in UNSEEN and character not in "\t\n\r":
            raise TableError("unseen_character", {"code": f"U+{ord(character):04X}"})
    found: list[Token] = []
    place = 0
    while place < len(text):
        if text[place] in QUOTES:
            token, place = _string(text, place)
            found.append(token)
            continue
        end = place
        while end < len(text) and text[end] not in QUOTES:
            end += 1
        found += _plain_tokens("".join(_plain(character) for character in text[place:end]))
        place = end
    return [*found, Token(Kind.END, "")]


def _plain(character: str) -> str:
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return PLAIN.get(character, character)


def _string(text: str, start: int) -> tuple[Token, int]:
    closing, letters, place = QUOTES[text[start]], [], start + 1
    while place < len(text):
        character = text[place]
        if character == "\\" and text[place + 1 : place + 2] in ("\\", closing, '"'):
            letters.append(text[place + 1])
            place += 2
            continue
        if character == closing:
            value = "".join(letters)
            return Token(Kind.STRING, value, value), place + 1
        if character in "\t\n\r":
            break
        letters.append(character)
        place += 1
    raise TableError("quote_open")


def _plain_tokens(text: str) -> list[Token]:
    found: list[Token] = []
    place = 0
    while place < len(text):
        character = text[place]
        if character in " \t\r\n":
            place += 1
        elif character in "0123456789":
            token, place = _number(text, place)
            found.append(token)
        elif character == "_" or character.isalpha():
            end = place
            while end < len(text) and (text[end] == "_" or text[end].isalnum()):
                end += 1
            found.append(Token(Kind.WORD, text[place:end]))
            place = end
        else:
            sign = next((sign for sign in SIGNS if text.startswith(sign, place)), "")
            if not sign:
                raise TableError("bad_character", {"character": character})
            if sign == ",":
                _refuse_thousands(text, place)
            found.append(Token(Kind.SIGN, sign))
            place += len(sign)
    return found


def _number(text: str, start: int) -> tuple[Token, int]:
    whole_end = _digits_end(text, start)
    end, decimals = whole_end, ""
    if text[end : end + 1] == "." and text[end + 1 : end + 2] in tuple("0123456789"):
        end = _digits_end(text, end + 1)
        decimals = text[whole_end + 1 : end]
    is_percent = text[end : end + 1] == "%"
    after = text[end + is_percent : end + is_percent + 1]
    if after == "_" or after.isalnum() or after == "%":
        raise TableError("bad_number", {"text": text[start : start + 20]})
    whole = text[start:whole_end]
    if len(whole) > WHOLE_DIGITS_MAX or len(decimals) + 2 * is_percent > DECIMALS_MAX:
        raise TableError("number_too_long", {"whole": WHOLE_DIGITS_MAX, "decimals": DECIMALS_MAX})
    if len(whole) > 1 and whole[0] == "0":
        raise TableError("bad_number", {"text": text[start : start + 20]})
    value = Decimal(text[start:end])
    return Token(Kind.NUMBER, text[start : end + is_percent], value.scaleb(-2) if is_percent else value), end + is_percent


def _digits_end(text: str, place: int) -> int:
    while place < len(text) and text[place] in "0123456789":
        place += 1
    return place



def _refuse_thousands(text: str, comma: int) -> None:
    """`12,000` may mean two numbers or one. Nobody can tell, so it is refused; a list has a blank after its comma."""
    after = text[comma + 1 : comma + 5]
    if text[comma - 1 : comma].isdigit() and after[:3].isdigit() and len(after) >= 3 and not after[3:].isdigit():
        raise TableError("thousands", {"text": text[max(0, comma - 14) : comma + 4]})
