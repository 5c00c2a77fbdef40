"""Code 128 barcodes (ISO/IEC 15417), code set B: printable ASCII, as modules and as a drawing."""

from __future__ import annotations

from xml.sax.saxutils import escape

# Widths of bar, space, bar, space, bar, space for the values 0 to 105; the stop has a bar more.
_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 "
    "223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 "
    "311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232"
).split()
_STOP = "2331112"
_START_B, _MODULUS = 104, 103
QUIET_MODULES = 10


def values(text: str) -> tuple[int, ...]:
    """Start, one value a character, and the check value. Raises ValueError for nothing and for what is no printable ASCII."""
    if not text or any(not " " <= letter <= "~" for letter in text):
        raise ValueError("code set B holds printable ASCII only")
    data = [ord(letter) - 32 for letter in text]
    check = (_START_B + sum(place * value for place, value in enumerate(data, 1))) % _MODULUS
    return (_START_B, *data, check)


def modules(text: str) -> str:
    """The symbol from its first bar to its last, a `1` for each dark module and a `0` for each light one."""
    widths = "".join(_WIDTHS[value] for value in values(text)) + _STOP
    return "".join(("1" if place % 2 == 0 else "0") * int(width) for place, width in enumerate(widths))


def label(text: str, *, lines: tuple[str, ...] = (), bar_height: int = 60) -> str:
    """An SVG drawing of the symbol with its quiet zones, the text and further lines under it; two units are one module."""
    drawn, unit = modules(text), 2
    width = (len(drawn) + 2 * QUIET_MODULES) * unit
    said = (text, *lines)
    height = bar_height + 12 + 18 * len(said)
    bars = "".join(
        f'<rect x="{(QUIET_MODULES + begin) * unit}" y="8" width="{length * unit}" height="{bar_height}"/>'
        for begin, length in _bars(drawn))
    words = "".join(
        f'<text x="{width // 2}" y="{bar_height + 24 + 18 * place}" text-anchor="middle" font-size="14" font-family="monospace">'
        f"{escape(line)}</text>" for place, line in enumerate(said))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/><g fill="#000">{bars}{words}</g></svg>'
    )


def _bars(drawn: str) -> list[tuple[int, int]]:
    """Where each bar begins, and how many modules it is wide."""
    found, place = [], 0
    for run in drawn.replace("10", "1 0").replace("01", "0 1").split():
        if run[0] == "1":
            found.append((place, len(run)))
        place += len(run)
    return found
