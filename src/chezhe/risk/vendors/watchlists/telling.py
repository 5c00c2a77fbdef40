"""The lists that the simulated provider keeps. Nobody on them is real: their names are made up like everybody's here."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from pypinyin import lazy_pinyin

from chezhe.identifiers import synthetic
from chezhe.invented import words
from chezhe.invented.chance import Chance
from chezhe.invented.months import first_day, index
from chezhe.risk.vendors.watchlists.answers import Kind, ListEntry

SIZE = 220
LISTS: dict[Kind, str] = {"sanction": "制裁名单", "terror": "涉恐名单", "pep": "特定自然人", "wanted": "通缉名单"}
# Always there, for whoever tries the product: the name is the reason.
EXAMPLES = (("沙盒制裁", "sanction"), ("沙盒涉恐", "terror"), ("沙盒政要", "pep"))


def version_on(on: date) -> str:
    """A new version every Monday."""
    monday = on - timedelta(days=on.weekday())
    return f"{monday:%Y%m%d}.1"


@lru_cache(maxsize=8)
def entries_on(monday: date) -> tuple[ListEntry, ...]:
    """Everybody listed up to that day, those struck off included; a later version keeps what an earlier one had."""
    months = index(monday) - index(date(2020, 1, 1))
    found = [_example(at, name, kind) for at, (name, kind) in enumerate(EXAMPLES)]  # type: ignore[arg-type]
    found += [_entry(at) for at in range(SIZE + max(0, months))]
    return tuple(entry for entry in found if entry.listed_on <= monday)


def _entry(at: int) -> ListEntry:
    chance = Chance(f"watch list {at}")
    listed_on = first_day(index(date(2020, 1, 1)) + max(0, at - SIZE))
    kind: Kind = chance.pick("kind", {"sanction": 4, "pep": 4, "terror": 1, "wanted": 2})  # type: ignore[arg-type]
    is_person = kind != "sanction" or chance.happens("person", 0.5)
    name = words.person_name(chance) if is_person else words.firm_name(chance)
    spelled = lazy_pinyin(name)
    latin = f"{''.join(spelled[1:]).title()} {spelled[0].title()}" if is_person else "".join(spelled).title()
    born_on = date(1955, 1, 1) + timedelta(days=chance.whole("born", 0, 45 * 365))
    has_number = is_person and chance.happens("number", 0.4)
    numbers = (synthetic.invent_id_number(chance.stream("number"), born_on, "male", "33"),) if has_number else ()
    return ListEntry(
        number=f"WL{at:05d}", kind=kind, list_name=LISTS[kind], is_person=is_person, names=(name, latin),
        born_year=born_on.year if is_person else None, id_numbers=numbers, listed_on=listed_on,
        delisted_on=date(2025, 1, 6) if chance.happens("struck off", 0.04) else None)


def _example(at: int, name: str, kind: Kind) -> ListEntry:
    return ListEntry(
        number=f"WLX{at:04d}", kind=kind, list_name=LISTS[kind], is_person=True, names=(name, "".join(lazy_pinyin(name)).title()),
        born_year=None, id_numbers=(), listed_on=date(2020, 1, 1), delisted_on=None)
