"""XML from outside: the report comes through whole, and nothing that hides in a document does any work."""

from __future__ import annotations

import pytest

from chezhe.invented import fates, person
from chezhe.kernel.testing import moment
from chezhe.risk.vendors.asking import WrongAnswer
from chezhe.risk.vendors.bureau import telling, xml_form

REPORT = telling.report_of(person(fates.id_number(fates.BAD)), moment("2026-03-16 10:00"))
WRITTEN = xml_form.write(REPORT)
LAUGHS = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";" if n else "ha"}{"&l" + str(n - 1) + ";" if n else "ha"}">' for n in range(30))
DEEP = "<CreditReport>" + "<a>" * 200 + "</a>" * 200 + "</CreditReport>"
HOSTILE = {
    "billion laughs": f'<?xml version="1.0"?><!DOCTYPE r [{LAUGHS}]><CreditReport>&l29;</CreditReport>',
    "file": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><CreditReport>&x;</CreditReport>',
    "parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:1/x.dtd"> %x;]><CreditReport/>',
    "outer document type": '<!DOCTYPE r SYSTEM "http://127.0.0.1:1/x.dtd"><CreditReport/>',
    "undefined entity": "<CreditReport>&nobody;</CreditReport>",
    "stylesheet": '<?xml version="1.0"?><?xml-stylesheet href="x"?><CreditReport/>',
    "instruction": "<CreditReport><?php exit ?></CreditReport>",
    "comment": "<CreditReport><!-- --></CreditReport>",
    "character data": "<CreditReport><![CDATA[x]]></CreditReport>",
    "too deep": DEEP,
    "too wide": "<CreditReport>" + "<a/>" * (xml_form.ELEMENTS_MAX + 1) + "</CreditReport>",
    "too large": "<CreditReport><a>" + "x" * xml_form.BYTES_MAX + "</a></CreditReport>",
    "another root": "<Report/>", "empty": "", "cut": WRITTEN[: len(WRITTEN) // 2], "nothing in it": "<CreditReport/>",
    "said twice": WRITTEN.replace("<base>", "<base/><base>"), "other encoding": WRITTEN.replace("<C", '<?xml version="1.0" encoding="utf-7"?><C', 1) + "+ADw-",
    "include": '<CreditReport xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/hostname" parse="text"/></CreditReport>',
    "text for a number": WRITTEN.replace("<due_fen>", "<due_fen>about ", 1), "negative": WRITTEN.replace("<amount_fen>", "<amount_fen>-", 1),
    "too many months": WRITTEN.replace("<months24>", "<months24>N", 1), "unknown code": WRITTEN.replace("<kind>C1</kind>", "<kind>X9</kind>"),
    "fullwidth digits": WRITTEN.replace("<terms>0</terms>", "<terms>０</terms>"), "no such day": WRITTEN.replace("<opened_on>20", "<opened_on>20-", 1),
}


def test_a_report_comes_through_whole() -> None:
    assert xml_form.read(WRITTEN.encode()) == REPORT
    assert xml_form.read(b'<?xml version="1.0" encoding="UTF-8"?>' + WRITTEN.encode()) == REPORT


@pytest.mark.parametrize("kind", HOSTILE)
def test_it_refuses_what_is_no_plain_report(kind: str) -> None:
    with pytest.raises(WrongAnswer):
        xml_form.read(HOSTILE[kind].encode())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "cp037"])
def test_a_document_type_cannot_hide_in_another_encoding(encoding: str) -> None:
    with pytest.raises(WrongAnswer):
        xml_form.read(HOSTILE["file"].encode(encoding))


def test_a_field_of_the_future_is_not_understood_and_not_swallowed() -> None:
    """An element that we do not know changes nothing of what we know."""
    assert xml_form.read(WRITTEN.replace("<base>", "<base><more>1</more>").encode()) == REPORT
