"""The report as XML. Written and read by the shape of the answers: an element a field, a list an element of elements.

Reading is hardened: no document type, no entities, no comments or instructions, nothing that is fetched; size, depth and the number of
elements are bounded before anything is built from it.
"""

from __future__ import annotations

import types
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from lxml import etree

from chezhe.risk.vendors import shapes
from chezhe.risk.vendors.asking import WrongAnswer, believed
from chezhe.risk.vendors.bureau.answers import PersonalReport

ROOT, ITEM = "CreditReport", "Item"
BYTES_MAX, DEPTH_MAX, ELEMENTS_MAX = 900_000, 8, 60_000
_CHUNK = 16_384


def write(report: PersonalReport) -> str:
    """The report as a document."""
    root = etree.Element(ROOT, version="2")
    _put(root, shapes.told(report))
    return etree.tostring(root, encoding="unicode")


def read(document: bytes) -> PersonalReport:
    """The report that a document holds. Raises WrongAnswer for anything else, however it is made."""
    if len(document) > BYTES_MAX:
        raise WrongAnswer("bureau: the XML is too large")
    if not _is_plain_text(document):
        raise WrongAnswer("bureau: the XML is not UTF-8, or has a document type, a comment or an instruction")
    root = _parsed(document)
    if root.tag != ROOT:
        raise WrongAnswer("bureau: the XML is no credit report")
    return believed("bureau", _value(root, PersonalReport), PersonalReport)


def _is_plain_text(document: bytes) -> bool:
    """UTF-8 with elements only: in another encoding a document type could hide from this look at the bytes."""
    try:
        text = document.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and "<!" not in text and "<?" not in text.removeprefix("<?xml")


def _parsed(document: bytes) -> etree._Element:
    """Element by element, so that a document too deep or too wide is dropped on the way."""
    parser = etree.XMLPullParser(
        events=("start", "end"), encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False)
    depth = count = 0
    try:
        for start in range(0, len(document), _CHUNK):
            parser.feed(document[start:start + _CHUNK])
            for event, _element in parser.read_events():
                depth += 1 if event == "start" else -1
                count += event == "start"
                if depth > DEPTH_MAX or count > ELEMENTS_MAX:
                    raise WrongAnswer("bureau: the XML is too deep or too wide")
        return parser.close()
    except etree.XMLSyntaxError:
        raise WrongAnswer("bureau: the XML is broken") from None


def _put(element: etree._Element, value: Any) -> None:
    if isinstance(value, dict):
        for name, part in value.items():
            if part is not None:
                _put(etree.SubElement(element, name), part)
    elif isinstance(value, list | tuple):
        for part in value:
            _put(etree.SubElement(element, ITEM), part)
    else:
        element.text = str(value).lower() if isinstance(value, bool) else str(value)


def _value(element: etree._Element, wanted: Any) -> Any:
    """What an element says, in the type that is wanted where text can be of it; else as text, which the strict reading refuses."""
    wanted = _plain(wanted)
    if is_dataclass(wanted):
        hints, said = _hints(wanted), {}
        for child in element:
            if child.tag in said:
                raise WrongAnswer("bureau: the XML says something twice")
            said[child.tag] = _value(child, hints.get(child.tag, str))
        return {field.name: None for field in fields(wanted) if _may_be_nothing(hints[field.name])} | said
    if get_origin(wanted) is tuple:
        return [_value(child, get_args(wanted)[0]) for child in element]
    text = element.text or ""
    if len(element):
        raise WrongAnswer("bureau: the XML has an element where a value belongs")
    if wanted is int:
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else text
    return {"true": True, "false": False}.get(text, text) if wanted is bool else text


def _plain(wanted: Any) -> Any:
    """Without annotations and without `or nothing`."""
    if get_origin(wanted) is Annotated:
        return _plain(get_args(wanted)[0])
    if get_origin(wanted) in (Union, types.UnionType):
        return _plain(next(part for part in get_args(wanted) if part is not type(None)))
    return wanted


def _may_be_nothing(wanted: Any) -> bool:
    return type(None) in get_args(wanted)


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)
