"""Which sentences a room shows, and which of them its English file translates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polib
from django.utils.translation.template import templatize

from tests.architecture import house

FUNCTIONS = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
CHINESE = re.compile(r"[\u3400-\u9fff]")
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
_BLOCK = re.compile(r"{%-?\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}", re.DOTALL)
_MARKED = re.compile(r"{%\s*(?:trans|translate)\s.*?%}|_\((?:\"[^\"]*\"|'[^']*')\)", re.DOTALL)
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(?P<name>n?p?gettext|_)\(\s*(?P<first>{_LITERAL})(?:\s*,\s*(?P<second>{_LITERAL}))?", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A msgid and where it is used."""

    text: str
    place: str


def catalogue(room: Path) -> dict[str, polib.POEntry]:
    """The room's English, by msgid (with its context before it); fuzzy entries do not count."""
    file = room / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not file.exists():
        return {}
    return {key_of(entry): entry for entry in polib.pofile(str(file)) if not entry.fuzzy and not entry.obsolete}


def key_of(entry: polib.POEntry) -> str:
    return _key(entry.msgctxt, entry.msgid)


def catalogues() -> dict[str, dict[str, polib.POEntry]]:
    """Every catalogue by its room."""
    return {room.name: catalogue(room) for room in sorted(path.parent for path in house.SOURCE.glob("*/locale"))}


def contradictions(known: Mapping[str, Mapping[str, polib.POEntry]]) -> Iterator[str]:
    """Texts (with their context) that have two Englishes, each with its rooms."""
    said: dict[tuple[str, bool], dict[tuple[str, ...], list[str]]] = {}
    for room, entries in known.items():
        for key, entry in entries.items():
            forms = tuple(entry.msgstr_plural[place] for place in sorted(entry.msgstr_plural)) or (entry.msgstr,)
            said.setdefault((key, bool(entry.msgid_plural)), {}).setdefault(forms, []).append(room)
    for (key, _is_counted), found in said.items():
        if key and len(found) > 1:
            context, _sign, text = key.rpartition("\x04")
            name = f"{text} ({context})" if context else text
            yield f"{name}: " + "; ".join(f"“{' / '.join(forms)}” in {', '.join(rooms)}" for forms, rooms in found.items())


def used_in(room: Path) -> Iterator[Sentence]:
    """Every sentence that the room's Python and templates mark for translation."""
    for module in house.modules():
        if room in module.path.parents and not module.is_test:
            yield from _in_python(module)
    for path in templates(room):
        yield from _in_template(path)


def templates(room: Path) -> list[Path]:
    return sorted(path for path in (room / "templates").rglob("*") if path.suffix in (".html", ".txt"))


def unmarked_in_template(path: Path) -> Iterator[Sentence]:
    """Chinese that stands in a template outside every translation tag."""
    text = path.read_text()
    for pattern in (_COMMENT, _BLOCK, _MARKED):
        text = pattern.sub(lambda found: "\n" * found[0].count("\n"), text)
    for number, line in enumerate(text.splitlines(), 1):
        if CHINESE.search(line):
            yield Sentence(line.strip(), f"{path.relative_to(house.ROOT)}:{number}")


def unmarked_in_python(module: house.Module) -> Iterator[Sentence]:
    """Chinese string constants that are neither marked nor a docstring nor a pattern that reads what others wrote."""
    patterns = [call for call in house.calls(module.tree) if house.dotted(call.func).startswith("re.")]
    marked = {id(part) for call in (*_marking_calls(module), *patterns) for part in ast.walk(call)}
    documentation = {id(node.body[0].value) for node in ast.walk(module.tree) if _has_docstring(node)}  # type: ignore[attr-defined]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
            if id(node) not in marked and id(node) not in documentation:
                yield Sentence(node.value, f"{module.place}:{node.lineno}")


def translated_at_import(module: house.Module) -> Iterator[int]:
    """Lines outside every function where a text is translated at once."""
    at_once = {"gettext", "ngettext", "pgettext"}
    return (call.lineno for call in _at_import(module.tree) if _original_name(module, call) in at_once)


def _at_import(node: ast.AST) -> Iterator[ast.Call]:
    parts = ast.iter_child_nodes(node)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        parts = iter([*node.decorator_list, *node.args.defaults, *(default for default in node.args.kw_defaults if default)])
    for part in parts:
        if isinstance(part, ast.Call):
            yield part
        if not isinstance(part, ast.Lambda):
            yield from _at_import(part)


def placeholders(text: str) -> set[str]:
    return {found[0] or found[1] for found in _PLACEHOLDER.findall(text)}


def _in_python(module: house.Module) -> Iterator[Sentence]:
    for call in _marking_calls(module):
        words = [argument.value for argument in call.args if isinstance(argument, ast.Constant) and isinstance(argument.value, str)]
        place = f"{module.place}:{call.lineno}"
        name = _original_name(module, call)
        if name.startswith("pgettext") and len(words) > 1:
            yield Sentence(_key(words[0], words[1]), place)
        elif words:
            yield Sentence(words[0], place)


def _marking_calls(module: house.Module) -> list[ast.Call]:
    return [call for call in house.calls(module.tree) if _original_name(module, call) in FUNCTIONS]


def _original_name(module: house.Module, call: ast.Call) -> str:
    name = house.dotted(call.func).split(".")[-1]
    return _aliases(module).get(name, name)


@cache
def _aliases(module: house.Module) -> dict[str, str]:
    return {
        alias.asname: alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname
    }


def _in_template(path: Path) -> Iterator[Sentence]:
    """Django's own lexer turns the template into calls that Python can read."""
    source = templatize(_COMMENT.sub("", path.read_text()), origin=str(path))
    place = str(path.relative_to(house.ROOT))
    for found in _CALL.finditer(source):
        words = [ast.literal_eval(literal.removeprefix("u")) for literal in (found["first"], found["second"]) if literal]
        if "pgettext" in found["name"]:
            yield Sentence(_key(words[0], words[1]), place)
        else:
            yield Sentence(words[0], place)


def _has_docstring(node: ast.AST) -> bool:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None


def _key(context: str | None, text: str) -> str:
    return f"{context}\x04{text}" if context else text
