"""Name and time, faintly, over pages that show people's data: a photo of the screen tells whose it was."""

from __future__ import annotations

from urllib.parse import quote

from django.utils.html import escape

_PICTURE = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='360' height='220'>"
    "<text x='20' y='150' fill='#808080' fill-opacity='.13' font-family='sans-serif' font-size='15' "
    "transform='rotate(-22 180 110)'>{text}</text>"
    "</svg>"
)


def picture(text: str) -> str:
    """A tile as the value of `background-image`, with nothing in it that could leave the quotes."""
    return f'url("data:image/svg+xml,{quote(_PICTURE.format(text=escape(text)), safe="")}")'
