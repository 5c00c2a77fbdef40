"""Bringing in a version of a list: read, checked whole, kept with every way to look its entries up."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers import search_keys
from chezhe.customers.models import Customer
from chezhe.identifiers.names import HAN
from chezhe.identifiers.text import clean
from chezhe.kernel import bulk, clock, jobs, locks, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.risk.relations.normalising import identity_key
from chezhe.risk.relations.steps import digest_of
from chezhe.risk.screening import labels, rules
from chezhe.risk.screening.models import VERSION_PREFIX, ListEntry, ListKey, ListVersion

COLUMNS = ("code", "kind", "name", "aliases", "birth", "id_numbers", "programme")
CHUNK = 2000
BYTES_MAX, ROWS_MAX, FAULTS_MAX = 20_000_000, 200_000, 20
JOB = "risk.screen_chunk"
_BIRTH = re.compile(r"\d{4}(?:-\d{2}-\d{2})?")
_TAIL = re.compile(r"\d{3}[\dX]")


class ListUnreadable(BusinessError):
    code = "watch_list_unreadable"
    http_status = 422
    field = "file"
    sentence = gettext_lazy("名单无法导入：%(faults)s。整个文件未导入，请改正后重新上传。")


class VersionTwice(BusinessError):
    code = "watch_list_version_twice"
    http_status = 409
    field = "version"
    sentence = gettext_lazy("名单 %(code)s 的版本 %(version)s 已经导入过；内容有变请用新的版本号。")


@dataclass(frozen=True, slots=True)
class Entry:
    """One listed person or company as it came; `birth` is `1970-01-02`, `1970` or empty, `id_numbers` whole or their last four."""

    code: str
    kind: str
    name: str
    aliases: tuple[str, ...] = ()
    birth: str = ""
    id_numbers: tuple[str, ...] = ()
    programme: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Which list a file is a version of."""

    code: str
    kind: str
    title: str
    version: str
    source: str

    @property
    def audit_facts(self) -> dict[str, Any]:
        """All of it is public."""
        return {"list_code": self.code, "kind": self.kind, "version_code": self.version}


class Upload(Protocol):
    """What Django and the API hand over."""

    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def whole(upload: Upload) -> bytes:
    """The bytes of an upload. Raises ListUnreadable (422) for one that is too large, before it is read."""
    if (upload.size or 0) > BYTES_MAX:
        raise ListUnreadable(faults=_("文件超过 20 MB"))
    return b"".join(upload.chunks())


def read_csv(data: bytes) -> list[Entry]:
    """The entries of a CSV in UTF-8 or GB18030 with COLUMNS as its head, aliases and numbers separated by `|`.

    Raises ListUnreadable (422).
    """
    if len(data) > BYTES_MAX:
        raise ListUnreadable(faults=_("文件超过 20 MB"))
    rows = csv.DictReader(io.StringIO(_decoded(data)))
    lacking = [name for name in ("code", "kind", "name") if name not in (rows.fieldnames or ())]
    if lacking:
        raise ListUnreadable(faults=_("缺少列 %(columns)s") % {"columns": ", ".join(lacking)})
    entries = []
    for row in rows:
        words = {name: clean(str(row.get(name) or "")) for name in COLUMNS}
        aliases, numbers_given = (_parts(words.pop(name)) for name in ("aliases", "id_numbers"))
        entries.append(Entry(**words, aliases=aliases, id_numbers=numbers_given))
        if len(entries) > ROWS_MAX:
            raise ListUnreadable(faults=_("超过 %(most)s 行") % {"most": ROWS_MAX})
    return entries


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in (one.strip() for one in text.split("|")) if part)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListUnreadable(faults=_("不是 UTF-8 或 GB18030 编码的文本"))


def bring_in(heading: Heading, entries: Sequence[Entry], by: Actor) -> ListVersion:
    """Keep a version, make it the current one and ask the worker to hold every customer against it.

    Raises ListUnreadable or Invalid (422) naming what is wrong, VersionTwice (409); nothing is kept then.
    """
    _require_heading(heading)
    _require_entries(entries)
    locks.hold(f"watchlist:{heading.code}")
    if ListVersion.objects.filter(code=heading.code, version=heading.version).exists():
        raise VersionTwice(code=heading.code, version=heading.version)
    ListVersion.objects.filter(code=heading.code, is_current=True).update(is_current=False)
    contents = [_content(entry) for entry in entries]
    newest = Customer.objects.aggregate(most=Max("pk"))["most"] or 0
    version = ListVersion.objects.create(
        number=numbers.next_number(VERSION_PREFIX, clock.today()), code=heading.code, kind=heading.kind, title=heading.title,
        version=heading.version, source=heading.source, sha256=_hash(sorted(contents)), entries=len(entries),
        imported_at=clock.now(), imported_by_name=by.name, customers=Customer.objects.count(), chunks=newest // CHUNK + 1,
    )
    rows = [_row(version, entry, content) for entry, content in zip(entries, contents, strict=True)]
    bulk.insert(rows)
    bulk.insert([ListKey(version=version, entry=row, key=key) for row in rows for key in keys_of(listed_of(row))])
    for chunk in range(version.chunks):
        jobs.enqueue(JOB, number=version.number, chunk=chunk)
    return version


def listed_of(row: ListEntry) -> rules.Listed:
    """An entry as the rules compare it."""
    is_person = row.kind == "person"
    sounds = [sound for name in (*row.names, *row.aliases) for sound in _sounds(name, is_person)]
    return rules.Listed(
        row.code, is_person, tuple(row.names), tuple(row.aliases), tuple(dict.fromkeys(filter(None, sounds))) if is_person else (),
        row.birth, tuple(row.id_tails), tuple(row.number_digests),
    )


@lru_cache(maxsize=rules.NAMES_KEPT)
def _sounds(name: str, is_person: bool) -> tuple[str, ...]:
    return rules.sound_keys(name) if rules.is_latin(name) else (search_keys.pinyin(name, is_person=is_person),)


def keys_of(one: rules.Listed | rules.Named) -> list[str]:
    """Every way to look somebody up: `n:` comparable names, `s:` sounds of people, `d:` the digests of numbers."""
    if isinstance(one, rules.Named):
        names, sounds, digests = [one.name], [one.sound] if one.is_person else [], [one.number_digest]
    else:
        names, sounds, digests = [*one.names, *one.aliases], list(one.sounds), list(one.number_digests)
    keys = [f"n:{key}"[:200] for key in map(rules.name_key, names) if key] + [f"s:{sound}"[:200] for sound in sounds if sound]
    return list(dict.fromkeys(keys + [f"d:{digest}" for digest in digests if digest]))


def _row(version: ListVersion, entry: Entry, content: str) -> ListEntry:
    given = [identity_key(number) for number in entry.id_numbers]
    return ListEntry(
        version=version, code=entry.code, kind=entry.kind, names=[entry.name], aliases=list(entry.aliases), birth=entry.birth,
        id_tails=[number[-4:] for number in given] if entry.kind == "person" else [],
        number_digests=[digest_of("id", number) for number in given if len(number) > 4],
        programme=entry.programme[:200], content=_hash([content]),
    )


def _content(entry: Entry) -> str:
    return "\x1f".join(str(getattr(entry, field.name)) for field in fields(entry))


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def _require_heading(heading: Heading) -> None:
    if heading.kind not in dict(labels.LIST_KINDS):
        raise Invalid(field="kind", code="kind_unknown", sentence=_("没有这个选项，请从列表中选择。"))
    for field in ("code", "title", "version", "source"):
        if not getattr(heading, field).strip():
            raise Invalid(field=field, code=f"{field}_missing", sentence=_("请写明名单的代码、名称、版本和来源。"))
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", heading.code) or not re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", heading.version):
        raise Invalid(field="code", code="code_form", sentence=_("代码和版本只能用字母、数字、点、横线和下划线，最多 40 个。"))


def _require_entries(entries: Sequence[Entry]) -> None:
    faults, seen = [], set()
    for place, entry in enumerate(entries, 2):
        why = _fault(entry)
        if not why and entry.code in seen:
            why = _("代码 %(code)s 重复") % {"code": entry.code}
        seen.add(entry.code)
        if why:
            faults.append(_("第 %(row)s 行：%(why)s") % {"row": place, "why": why})
    if not entries:
        faults.append(_("没有一行条目"))
    if faults:
        raise ListUnreadable(faults=_("；").join(faults[:FAULTS_MAX]))


def _fault(entry: Entry) -> str:
    if not entry.code or len(entry.code) > 60:
        return _("缺少代码或超过 60 个字")
    if entry.kind not in dict(labels.ENTRY_KINDS):
        return _("种类须为 person 或 company")
    names = (entry.name, *entry.aliases)
    if any(len(name) > 200 for name in names) or not re.search(f"[{HAN}A-Za-z]", entry.name):
        return _("缺少姓名（名称）或超过 200 个字")
    if entry.birth and not _is_birth(entry.birth):
        return _("出生日期须写成 1970-01-02 或 1970")
    given = [identity_key(number) for number in entry.id_numbers]
    if entry.kind == "person" and any(len(number) != 18 and not _TAIL.fullmatch(number) for number in given):
        return _("证件号码须为 18 位或后四位")
    return ""


def _is_birth(text: str) -> bool:
    if not _BIRTH.fullmatch(text):
        return False
    try:
        date.fromisoformat(text if len(text) > 4 else f"{text}-01-01")
    except ValueError:
        return False
    return True
