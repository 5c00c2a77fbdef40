"""A trained model as a folder of readable text, verified before use.

    manifest.json     what it is, of which schema, whose child, and the SHA-256 of every other file
    card.json         a scorecard          | model-*.txt + engine.json   boosting and valuation
    schema.json       the columns it was trained on and how they were spread (what monitoring compares with)
    metrics.json      how good it is, on which rows
    model_card.json   data hash, seed, columns, options, versions
    report.html       the same for people

Nothing in it tells the time or the machine, so the same data, options and seed give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chezhe.scorecards import card
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Row
from chezhe.scorecards.scored import Scored, Valued

FORMAT = "chezhe-model"
SCHEMA = 1
MANIFEST = "manifest.json"
FILE_NAME = re.compile(r"[a-z][a-z0-9_-]*\.(json|txt|html)")
FILE_BYTES_MAX = 200_000_000
KINDS = ("scorecard", "boosting", "valuation")


class Engine(Protocol):
    """What turns rows into answers: `card.Card`, `boosting.Boosting`, `valuation.Valuation`."""

    @property
    def kind(self) -> str:
        """scorecard | boosting | valuation."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns it reads."""

    def score(self, row: Row, reasons: bool = True) -> Scored | Valued:
        """The answer for one row."""

    def score_many(self, rows: Iterable[Row], reasons: bool = True) -> list[Scored] | list[Valued]:
        """The answers for many, bit for bit those of `score`."""


@dataclass(frozen=True)
class Model:
    """A loaded artefact. `hash` names this version for good: the SHA-256 of its manifest."""

    hash: str
    manifest: Mapping[str, object]
    engine: Engine
    files: Mapping[str, bytes]

    @property
    def kind(self) -> str:
        """scorecard | boosting | valuation."""
        return self.engine.kind

    @property
    def columns(self) -> tuple[str, ...]:
        """The input columns it reads."""
        return self.engine.columns

    def score(self, row: Row, reasons: bool = True) -> Scored | Valued:
        """The answer for one row of named values. Raises ModelError for text instead of numbers, infinity and the like."""
        return self.engine.score(row, reasons)

    def score_many(self, table: object, reasons: bool = True) -> list[Scored] | list[Valued]:
        """The answers for a table (Arrow, pandas, or rows), bit for bit those of `score`. Raises `column_missing` by name."""
        from chezhe.scorecards import tables

        return self.engine.score_many(tables.rows_of(table, self.columns), reasons)

    def document(self, name: str) -> dict[str, object]:
        """A JSON file of the artefact, such as `metrics.json`."""
        return _json(self.files[name], name)


def load(folder: str | Path) -> Model:
    """Verify every file against the manifest, then build the model.

    Raises `artefact_missing`, `artefact_unreadable`, `artefact_foreign`, `artefact_version`, `artefact_changed`, `artefact_schema`.
    """
    place = Path(folder)
    return _loaded(lambda name, code: _read(place / name, code))


def of_files(files: Mapping[str, bytes]) -> Model:
    """The same for files in memory, the manifest among them; what the manifest does not name is left out. Raises as `load` does."""

    def given(name: str, code: str) -> bytes:
        if name not in files:
            raise ModelError(code, name)
        return files[name]

    return _loaded(given)


def _loaded(read: Callable[[str, str], bytes]) -> Model:
    """The model whose files `read(name, code)` gives, or refuses with the code."""
    raw = read(MANIFEST, "artefact_missing")
    told = _json(raw, MANIFEST)
    if told.get("format") != FORMAT or told.get("kind") not in KINDS:
        raise ModelError("artefact_foreign", MANIFEST)
    if told.get("schema") != SCHEMA:
        raise ModelError("artefact_version", MANIFEST, found=str(told.get("schema")), known=SCHEMA)
    listed = told.get("files")
    if not isinstance(listed, dict) or not listed:
        raise ModelError("artefact_schema", MANIFEST)
    files = {name: _verified(read, str(name), str(expected)) for name, expected in listed.items()}
    return Model(hashlib.sha256(raw).hexdigest(), told, _engine(str(told["kind"]), files), files)


def save(folder: str | Path, kind: str, files: Mapping[str, bytes], parent: str = "") -> str:
    """Write the files and, last, the manifest that vouches for them; give back the artefact's hash. `parent` is the hash it came from.

    The folder is made; one that holds anything but an earlier artefact is refused (`folder_not_empty`).
    """
    place = Path(folder)
    _clear(place)
    for name, content in files.items():
        if not FILE_NAME.fullmatch(name):
            raise ModelError("artefact_schema", name)
        (place / name).write_bytes(content)
    raw = manifest(kind, files, parent)
    (place / MANIFEST).write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()


def hash_of(folder: str | Path) -> str:
    """The hash of an artefact that is not read: SHA-256 of its manifest. Raises `artefact_missing`."""
    return hashlib.sha256(_read(Path(folder) / MANIFEST, "artefact_missing")).hexdigest()


def manifest(kind: str, files: Mapping[str, bytes], parent: str = "") -> bytes:
    """The bytes of the manifest that vouches for these files; their SHA-256 is the artefact's hash."""
    sums = {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
    return dump({"format": FORMAT, "schema": SCHEMA, "kind": kind, "parent": parent, "files": sums})


def dump(told: object) -> bytes:
    """JSON for people and for diff: indented, in the order given, numbers as short as they can be read back exactly."""
    return (json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _clear(place: Path) -> None:
    place.mkdir(parents=True, exist_ok=True)
    found = list(place.iterdir())
    if found and not (place / MANIFEST).is_file():
        raise ModelError("folder_not_empty", str(place.name))
    for path in found:
        if path.is_file() and (path.name == MANIFEST or FILE_NAME.fullmatch(path.name)):
            path.unlink()


def _verified(read: Callable[[str, str], bytes], name: str, expected: str) -> bytes:
    if not FILE_NAME.fullmatch(name):
        raise ModelError("artefact_schema", MANIFEST)
    content = read(name, "artefact_changed")
    if hashlib.sha256(content).hexdigest() != expected:
        raise ModelError("artefact_changed", name)
    return content


def _read(path: Path, code: str) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise ModelError("artefact_unreadable", path.name)
        return path.read_bytes()
    except OSError:
        raise ModelError(code, path.name)


def _json(raw: bytes, name: str) -> dict[str, object]:
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        raise ModelError("artefact_unreadable", name)
    if not isinstance(told, dict):
        raise ModelError("artefact_unreadable", name)
    return told


def _engine(kind: str, files: Mapping[str, bytes]) -> Engine:
    if kind == "scorecard":
        return card.from_json(_json(_file(files, "card.json"), "card.json"))
    told = _json(_file(files, "engine.json"), "engine.json")
    texts = {name: content.decode("utf-8", "replace") for name, content in files.items() if name.endswith(".txt")}
    if kind == "boosting":
        from chezhe.scorecards.boosting import from_json as read_boosting

        return read_boosting(told, texts)
    from chezhe.scorecards.valuation import from_json as read_valuation

    return read_valuation(told, texts)


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise ModelError("artefact_schema", MANIFEST)
    return files[name]
