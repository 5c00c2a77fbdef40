"""XML as banks send it: read without ever opening an entity or an address that stands in it."""

from __future__ import annotations

from lxml import etree

from chezhe.documents import errors


def require_plain(data: bytes) -> None:
    """Raises FileDamaged or SheetUnsafe (422) unless this is well-formed XML without a document type.

    A document type can define entities (XXE, billion laughs); no bank's message has one.
    """
    if b"<!doctype" in data.lower():
        raise errors.SheetUnsafe()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        raise errors.FileDamaged(found="XML") from None
