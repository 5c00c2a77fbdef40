"""The frame of a report: one file without anything from outside, in two languages, in light and dark, for screen and paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def both(zh: str, en: str) -> str:
    """A text in both languages; the reader's choice shows one."""
    return f'<span lang="zh-CN">{escape(zh)}</span><span lang="en">{escape(en)}</span>'


def page(title: tuple[str, str], body: Iterable[str]) -> str:
    """The whole file."""
    return (
        '<!doctype html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title[0])} · {escape(title[1])}</title><style>{STYLE}</style></head><body>\n"
        '<div class="tongue"><label><input type="radio" name="tongue" id="in-zh" checked> 中文</label>'
        '<label><input type="radio" name="tongue" id="in-en"> English</label></div>\n'
        f"<h1>{both(*title)}</h1>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; head cells are HTML, other cells are escaped unless they are `Html`."""
    cells = "".join(f"<th>{each}</th>" for each in head)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table></div>'


def figures(told: Iterable[tuple[str, str]]) -> str:
    """Large figures in a row: HTML name and text value."""
    return '<div class="figures">' + "".join(f"<div><b>{escape(value)}</b><small>{name}</small></div>" for name, value in told) + "</div>"


def section(title: str, explanation: str, *parts: str) -> str:
    """A heading, one paragraph that says how to read what follows, and what follows."""
    return f"<h2>{title}</h2><p>{explanation}</p>" + "".join(parts)


def pair(first: str, second: str) -> str:
    """A drawing beside its table."""
    return f'<div class="pair"><div>{first}</div><div>{second}</div></div>'


class Html(str):
    """Text that is already HTML."""


def _cell(value: object) -> str:
    return value if isinstance(value, Html) else escape(str(value))
