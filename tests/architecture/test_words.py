"""Every sentence a user can meet is marked for translation and stands in complete English in its room."""

from __future__ import annotations

import polib
import pytest

from tests.architecture import house, words
from tests.architecture.house import report

ROOMS = sorted(path for path in house.SOURCE.iterdir() if path.is_dir() and (path / "__init__.py").exists())
# Chinese in Python that is no sentence on a screen: our own data, Chinese documents, machine texts, command lines.
# The engines know no Django: they say everything in both languages beside each other, and their own tests hold them to it.
NO_SCREEN = ("identifiers", "finmath", "invented", "decisiontables", "scorecards", "simulation", "cli")
NO_SCREEN_KINDS = ("vendors", "management", "seeds", "testing", "migrations", "papers")


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_every_marked_sentence_has_its_english(room: house.Path) -> None:
    known = words.catalogue(room)
    missing = {
        sentence.text: sentence.place
        for sentence in words.used_in(room)
        if not _is_translated(known.get(sentence.text)) and words.CHINESE.search(sentence.text)
    }
    assert not missing, report([f"{place}: {text}" for text, place in missing.items()])


def _is_translated(entry: object) -> bool:
    if entry is None:
        return False
    forms = list(entry.msgstr_plural.values()) or [entry.msgstr]  # type: ignore[attr-defined]
    return all(form.strip() for form in forms)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_the_english_is_english_and_keeps_the_placeholders(room: house.Path) -> None:
    findings = []
    for key, entry in words.catalogue(room).items():
        for form in list(entry.msgstr_plural.values()) or [entry.msgstr]:
            if words.placeholders(entry.msgid) != words.placeholders(form) and not entry.msgid_plural:
                findings.append(f"{room.name}: other placeholders in “{form}”")
            if key and words.CHINESE.search(form) and words.CHINESE.sub("", form).strip() == "":
                findings.append(f"{room.name}: “{form}” is not English")
    assert not findings, report(findings)


def test_one_text_has_one_english_in_all_rooms() -> None:
    """Django shows that of the room first in INSTALLED_APPS everywhere; a text that means two things is told apart by `pgettext`."""
    findings = list(words.contradictions(words.catalogues()))
    assert not findings, report(findings)


def test_two_englishes_of_one_text_are_named_with_their_rooms() -> None:
    def room(*entries: polib.POEntry) -> dict[str, polib.POEntry]:
        return {words.key_of(entry): entry for entry in entries}

    same, counted = polib.POEntry(msgid="客户", msgstr="Customer"), {0: "%(n)s line", 1: "%(n)s lines"}
    pile = polib.POEntry(msgid="%(n)s 行", msgid_plural="%(n)s 行", msgstr_plural=counted)
    void, close = polib.POEntry(msgid="作废", msgstr="Void"), polib.POEntry(msgid="作废", msgstr="Close")
    told_apart = polib.POEntry(msgctxt="application", msgid="作废", msgstr="Close")
    assert not list(words.contradictions({"contracts": room(same, void, pile), "origination": room(same, told_apart, pile)}))
    assert list(words.contradictions({"contracts": room(same, void), "origination": room(same, close)})) == [
        "作废: “Void” in contracts; “Close” in origination"]
    other = polib.POEntry(msgctxt="application", msgid="作废", msgstr="Expire")
    one = polib.POEntry(msgid="%(n)s 行", msgid_plural="%(n)s 行", msgstr_plural=counted | {1: "%(n)s rows"})
    assert list(words.contradictions({"origination": room(told_apart, pile), "ui": room(other, one)})) == [
        "作废 (application): “Close” in origination; “Expire” in ui",
        "%(n)s 行: “%(n)s line / %(n)s lines” in origination; “%(n)s line / %(n)s rows” in ui"]


def test_nothing_is_translated_while_it_is_imported() -> None:
    """At start-up nobody has a language yet: what stands outside a function is `gettext_lazy`."""
    findings = [f"{module.place}:{line}" for module in house.product() for line in words.translated_at_import(module)]
    assert not findings, report(findings)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_no_template_shows_an_unmarked_sentence(room: house.Path) -> None:
    findings = [f"{found.place}: {found.text}" for path in words.templates(room) for found in words.unmarked_in_template(path)]
    assert not findings, report(findings)


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.name)
def test_no_python_shows_an_unmarked_sentence(room: house.Path) -> None:
    """Pure modules cannot mark; what they say must at least stand in the room's catalogue, for the door to look up."""
    known = words.catalogue(room)
    findings = [
        f"{found.place}: {found.text[:60]}"
        for module in house.product()
        if module.room == room.name and module.room not in NO_SCREEN and not _is_no_screen(module)
        for found in words.unmarked_in_python(module)
        if found.text not in known
    ]
    assert not findings, report(findings)


def _is_no_screen(module: house.Module) -> bool:
    return module.kind in NO_SCREEN_KINDS or "management" in module.path.parts or "postgres" in module.path.parts


def test_the_extractor_sees_every_way_of_marking(tmp_path: house.Path) -> None:
    """Else a sentence could be missing and nobody would know."""
    page = house.ROOT / "var" / "words-probe.html"
    page.parent.mkdir(exist_ok=True)
    page.write_text(
        '{% translate "甲" %}{{ x|default:_("乙") }}{% blocktranslate count n=k %}丙 {{ n }}{% plural %}丁{% endblocktranslate %}'
        "<c-x title=\"{% translate '戊(己)' %}\" />裸<!-- 庚 -->{# 辛 #}"
    )
    try:
        found = [sentence.text for sentence in words._in_template(page)]
        bare = [sentence.text for sentence in words.unmarked_in_template(page)]
    finally:
        page.unlink()
    assert found == ["甲", "乙", "丙 %(n)s", "戊(己)"]
    assert len(bare) == 1 and "裸" in bare[0] and "庚" not in bare[0]
