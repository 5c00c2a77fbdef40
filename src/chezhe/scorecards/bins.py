"""The bins of one characteristic as they stand on the card: points, weights, counts; and how a value finds its bin.

Numbers: bins in ascending order, each up to and including its `upto`, the last without end; then perhaps a special value with a bin
of its own (0 for "none"; `upto` holds it). Categories: groups; what was never seen or too rare falls among the others. Missing is a
bin of its own at all times.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

from chezhe.scorecards import features
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.features import Feature, Row


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of the printed card. `weight` is what it adds to ln(odds of bad), `points` what it adds to the score.

    `woe` is ln(share of goods / share of bads), `rows` and `bads` what the training data held.
    """

    kind: str  # upto | above | special | group | others | missing
    label: str
    rows: int
    bads: int
    woe: float
    weight: float
    points: int
    upto: float | None = None
    members: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Only what the kind needs, in an order that reads well."""
        told: dict[str, object] = {"kind": self.kind, "label": self.label, "points": self.points}
        if self.upto is not None:
            told["upto"] = self.upto
        if self.kind == "group":
            told["members"] = list(self.members)
        return told | {"rows": self.rows, "bads": self.bads, "woe": self.woe, "weight": self.weight}


@dataclass(frozen=True, slots=True)
class Characteristic:
    """A feature, the direction its figures push, and its bins. `direction`: + more is riskier, - less, "" for groups."""

    feature: Feature
    direction: str
    coefficient: float
    bins: tuple[Bin, ...]

    @property
    def name(self) -> str:
        """The code in reasons."""
        return self.feature.name

    def as_json(self) -> dict[str, object]:
        """The form that stands in card.json."""
        return {
            "feature": self.feature.as_json(), "direction": self.direction, "coefficient": self.coefficient,
            "bins": [each.as_json() for each in self.bins],
        }  # fmt: skip

    def rescaled(self, slope: float, points: Callable[[float], int]) -> Characteristic:
        """The same bins after a recalibration: weights times `slope`, points anew."""
        bins = tuple(replace(each, weight=each.weight * slope, points=points(each.weight * slope)) for each in self.bins)
        return replace(self, coefficient=self.coefficient * slope, bins=bins)


def finder(characteristic: Characteristic) -> Callable[[Row], int]:
    """A function from a row to the place of its bin in `characteristic.bins`."""
    if characteristic.feature.is_text:
        return _group_finder(characteristic)
    cuts = [each.upto for each in characteristic.bins if each.kind == "upto" and each.upto is not None]
    special = next((each.upto for each in characteristic.bins if each.kind == "special"), None)
    missing = len(characteristic.bins) - 1
    read = features.reader(characteristic.feature)

    def find(row: Row) -> int:
        value = read(row)
        return bisect_left(cuts, value) if value == value else missing

    def find_special(row: Row) -> int:
        value = read(row)
        if value == special:
            return missing - 1
        return bisect_left(cuts, value) if value == value else missing

    return find if special is None else find_special


def _group_finder(characteristic: Characteristic) -> Callable[[Row], int]:
    members = {member: place for place, each in enumerate(characteristic.bins) for member in each.members}
    others, missing = len(characteristic.bins) - 2, len(characteristic.bins) - 1
    read = features.text_reader(characteristic.feature)

    def find(row: Row) -> int:
        value = read(row)
        return members.get(value, others) if value is not None else missing

    return find


def from_json(told: object) -> Characteristic:
    """Read one back. Raises `artefact_schema` naming the characteristic when a bin is wrong, out of order or absent."""
    if not isinstance(told, dict) or not isinstance(told.get("bins"), list):
        raise ModelError("artefact_schema", "characteristics")
    feature = features.from_json(told.get("feature"))
    try:
        bins = tuple(_bin(each) for each in told["bins"])
        found = Characteristic(feature, str(told["direction"]), float(told["coefficient"]), bins)
    except (KeyError, TypeError, ValueError):
        raise ModelError("artefact_schema", feature.name)
    if not _is_complete(found):
        raise ModelError("artefact_schema", feature.name)
    return found


def _bin(told: dict[str, object]) -> Bin:
    upto, members = told.get("upto"), told.get("members", [])
    if not isinstance(members, list) or type(told["points"]) is not int:
        raise ValueError("members")
    return Bin(
        str(told["kind"]), str(told["label"]), int(told["rows"]), int(told["bads"]), float(told["woe"]), float(told["weight"]),  # type: ignore[call-overload, arg-type]
        told["points"], None if upto is None else float(upto), tuple(str(member) for member in members),  # type: ignore[arg-type]
    )  # fmt: skip


def _is_complete(found: Characteristic) -> bool:
    kinds = [each.kind for each in found.bins]
    if kinds[-1:] != ["missing"]:
        return False
    if found.feature.is_text:
        return kinds[-2:-1] == ["others"] and set(kinds[:-2]) <= {"group"}
    ranges = found.bins[:-2] if kinds[-2:-1] == ["above"] else found.bins[:-3]
    cuts = [each.upto for each in ranges]
    is_rising = None not in cuts and all(a < b for a, b in zip(cuts, cuts[1:], strict=False))  # type: ignore[operator]
    tail = kinds[len(ranges) :]
    is_special = tail == ["above", "special", "missing"] and found.bins[-2].upto is not None
    return is_rising and {*kinds[: len(ranges)]} <= {"upto"} and (tail == ["above", "missing"] or is_special)
