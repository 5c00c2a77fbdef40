"""Small drawings for the report: SVG inside the page, colours from its style sheet, every figure also in a table beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

WIDTH, HEIGHT = 520, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 12, 12, 28

Telling = Callable[[float], str]
PERCENT: Telling = "{:.1%}".format
PLAIN: Telling = "{:.2f}".format


def lines(
    series: Sequence[tuple[str, Sequence[tuple[float, float]]]], labels: Sequence[str] = (), ticks: Sequence[tuple[float, str]] = (),
    gap: tuple[float, float, float, str] | None = None,
) -> str:
    """Lines of shares over the same axes; each series is a CSS class and its points. `labels` name whole steps of x, `ticks` places on it,
    else x runs from 0 to 1. `gap` (x, from y, to y, words) marks what lies between two lines."""
    xs = [x for _, points in series for x, _ in points]
    ys = [y for _, points in series for _, y in points]
    scale = _Scale(min(xs, default=0.0), max(xs, default=1.0), *_span(ys))
    body = _grid(scale, PERCENT) + "".join(_line(kind, points, scale) for kind, points in series) + (_gap(*gap, scale) if gap else "")
    ticks = ticks or (list(enumerate(labels)) if labels else [(place / 4, f"{place * 25} %") for place in range(5)])
    step = max(1, len(ticks) // 8)
    body += "".join(
        f'<text x="{scale.x(x):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(str(text))}</text>' for x, text in ticks[::step]
    )
    return _svg(body)


def bars(
    values: Sequence[tuple[str, float, str]], line: Sequence[float] = (), told: Telling = PERCENT, limits: Sequence[float] = (),
) -> str:
    """Upright bars (label, height, CSS class), and perhaps a line of other figures over them on the same axis. `told` is how the axis says
    its figures, `limits` are heights at which a line is drawn right across."""
    scale = _Scale(-0.5, len(values) - 0.5, *_span([*(value for _, value, _ in values), *line, *limits, 0.0]))
    width = max((scale.x(1) - scale.x(0)) * 0.7, 1.0)
    body = _grid(scale, told) + "".join(_limit(height, told, scale) for height in limits)
    for place, (label, value, kind) in enumerate(values):
        top, foot = scale.y(max(value, 0.0)), scale.y(min(value, 0.0))
        height, x = max(foot - top, 0.5), scale.x(place) - width / 2
        body += f'<rect class="{kind}" x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
        if len(values) <= 16:
            short = label if len(label) <= 11 else f"{label[:10]}…"
            body += f'<text x="{scale.x(place):.1f}" y="{HEIGHT - 8}" text-anchor="middle" class="small">{escape(short)}</text>'
    return _svg(body + (_line("observed", list(enumerate(line)), scale) if line else ""))


def lying(values: Sequence[tuple[str, float]]) -> str:
    """Lying bars with their label, for shares of gain."""
    most = max((value for _, value in values), default=1.0) or 1.0
    height, body = 18, ""
    for place, (label, value) in enumerate(values):
        y = place * height
        body += f'<text x="230" y="{y + 13}" text-anchor="end">{escape(label[:34])}</text>'
        body += f'<rect class="expected" x="238" y="{y + 3}" width="{max(value / most * 240, 1):.1f}" height="12"/>'
        body += f'<text x="{244 + value / most * 240:.1f}" y="{y + 13}">{value:.1%}</text>'
    return f'<svg viewBox="0 0 {WIDTH + 20} {height * len(values) + 4}" role="img">{body}</svg>'


class _Scale:
    """From figures to places in the drawing."""

    def __init__(self, x_min: float, x_max: float, y_min: float, y_max: float) -> None:
        self.x_min, self.x_span = x_min, (x_max - x_min) or 1.0
        self.y_min, self.y_max = y_min, y_max

    def x(self, value: float) -> float:
        return LEFT + (value - self.x_min) / self.x_span * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (value - self.y_min) / ((self.y_max - self.y_min) or 1.0) * (HEIGHT - TOP - BOTTOM)


def _span(ys: Sequence[float]) -> tuple[float, float]:
    low, high = min([0.0, *ys]), max(ys, default=1.0)
    return low, high * 1.05 if high > 0 else 0.01


def _grid(scale: _Scale, told: Telling) -> str:
    body = ""
    for place in range(5):
        value = scale.y_min + (scale.y_max - scale.y_min) * place / 4
        y = scale.y(value)
        body += f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        body += f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{told(value)}</text>'
    return body


def _limit(height: float, told: Telling, scale: _Scale) -> str:
    y = scale.y(height)
    return (
        f'<line class="limit" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{WIDTH - RIGHT - 2}" y="{y - 3:.1f}" text-anchor="end" class="limit">{told(height)}</text>'
    )


def _gap(at: float, low: float, high: float, words: str, scale: _Scale) -> str:
    """Its words stand where there is room: to the right in the left half."""
    x, is_left = scale.x(at), scale.x(at) < WIDTH / 2
    y = scale.y((low + high) / 2)
    return (
        f'<line class="gap" x1="{x:.1f}" x2="{x:.1f}" y1="{scale.y(low):.1f}" y2="{scale.y(high):.1f}"/>'
        f'<text x="{x + (6 if is_left else -6):.1f}" y="{y + 4:.1f}" text-anchor="{"start" if is_left else "end"}" class="gap">'
        f"{escape(words)}</text>"
    )


def _line(kind: str, points: Sequence[tuple[float, float]], scale: _Scale) -> str:
    places = " ".join(f"{scale.x(x):.1f},{scale.y(y):.1f}" for x, y in points)
    dots = (
        "".join(f'<circle class="{kind}" cx="{scale.x(x):.1f}" cy="{scale.y(y):.1f}" r="3"/>' for x, y in points)
        if len(points) <= 24
        else ""
    )
    return f'<polyline class="{kind}" points="{places}"/>{dots}'


def _svg(body: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{body}</svg>'
