"""The traces asked set by set: whom somebody is joined to, level by level, as it was known at a moment.

Each level is one statement over the indexes (digest, party, known_at) and (party, known_at). A value is followed to COUNT_MAX people at
most, whether a shop or half a town carries it, so the cost of a ring does not grow with the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chezhe.kernel import prepared
from chezhe.risk.relations import rules

CONFIRMED = "confirmed"
_LEVEL = f"""
WITH wanted AS (
  SELECT DISTINCT t.kind, t.digest, t.party FROM risk_trace t WHERE t.party = ANY(%s::text[]) AND t.known_at <= %s::timestamptz),
followed AS (
  SELECT d.digest, o.party FROM (SELECT DISTINCT digest FROM wanted) d CROSS JOIN LATERAL (
    SELECT DISTINCT t.party FROM risk_trace t WHERE t.digest = d.digest AND t.known_at <= %s::timestamptz
     ORDER BY t.party LIMIT {rules.COUNT_MAX + 1}) o)
SELECT w.kind, w.digest, w.party, f.party FROM wanted w JOIN followed f USING (digest) WHERE f.party <> w.party
UNION ALL
SELECT '{CONFIRMED}', '{CONFIRMED}:' || c.number, m.party, CASE WHEN c.first = m.party THEN c.second ELSE c.first END
  FROM unnest(%s::text[]) AS m(party) JOIN risk_candidate c ON c.first = m.party OR c.second = m.party
 WHERE c.status IN ('confirmed', 'ended') AND c.decided_at <= %s::timestamptz AND (c.ended_at IS NULL OR c.ended_at > %s::timestamptz)
 ORDER BY 1, 2, 3, 4
"""  # noqa: S608 - our own limit
_DETAILS = """
SELECT DISTINCT t.party, t.digest, t.kind, t.masked FROM risk_trace t
 WHERE t.party = ANY(%s::text[]) AND t.digest = ANY(%s::text[]) AND t.known_at <= %s::timestamptz ORDER BY 2, 1, 3
"""
_APPLICATIONS = """
SELECT count(DISTINCT t.subject) FROM risk_trace t WHERE t.kind = 'vin' AND t.known_at <= %s::timestamptz
   AND t.subject LIKE 'application:%%' AND t.subject <> %s AND t.digest IN (
     SELECT m.digest FROM risk_trace m WHERE m.subject = %s AND m.kind = 'vin' AND m.known_at <= %s::timestamptz)
"""
# Another application of the same surety, unless the machine declined it last.
_GUARANTEED = """
SELECT count(DISTINCT t.subject) FROM risk_trace t
 WHERE t.kind = 'guarantor' AND t.known_at <= %s::timestamptz AND t.known_at > %s::timestamptz
   AND t.subject LIKE 'application:%%' AND t.subject <> %s AND t.digest IN (
     SELECT m.digest FROM risk_trace m WHERE m.subject = %s AND m.kind = 'guarantor' AND m.known_at <= %s::timestamptz)
   AND COALESCE((SELECT d.outcome FROM risk_decision d WHERE d.subject = t.subject AND d.kind <> 'shadow'
                    AND d.decided_at <= %s::timestamptz ORDER BY d.id DESC LIMIT 1), '') <> 'declined'
"""
_OTHER_VINS = """
WITH mine AS (
  SELECT t.kind, t.digest FROM risk_trace t WHERE t.subject = %s AND t.kind IN ('plate', 'vin') AND t.known_at <= %s::timestamptz)
SELECT count(DISTINCT v.digest) FROM risk_trace p JOIN risk_trace v ON v.subject = p.subject AND v.kind = 'vin'
 WHERE p.kind = 'plate' AND p.subject LIKE 'application:%%' AND p.known_at <= %s::timestamptz AND v.known_at <= %s::timestamptz
   AND p.digest IN (SELECT digest FROM mine WHERE kind = 'plate') AND v.digest NOT IN (SELECT digest FROM mine WHERE kind = 'vin')
"""
_COLLEAGUES = f"""
SELECT DISTINCT f.party FROM (
    SELECT DISTINCT t.digest FROM risk_trace t
     WHERE t.party = %s AND t.kind IN ('employer', 'employer_phone') AND t.known_at <= %s::timestamptz) d CROSS JOIN LATERAL (
    SELECT DISTINCT t.party FROM risk_trace t WHERE t.digest = d.digest AND t.kind IN ('employer', 'employer_phone')
       AND t.known_at <= %s::timestamptz AND t.party <> %s AND t.party LIKE 'customer:%%' ORDER BY t.party LIMIT {rules.COUNT_MAX + 1}) f
 ORDER BY 1
"""  # noqa: S608 - our own limit
_BAD = """
SELECT DISTINCT o.subject FROM risk_outcome o WHERE o.subject = ANY(%s::text[]) AND o.kind = 'bad' AND o.known_at <= %s::timestamptz
"""
_DAYS = """
SELECT DISTINCT (t.known_at AT TIME ZONE 'Asia/Shanghai')::date FROM risk_trace t
 WHERE t.party = ANY(%s::text[]) AND t.digest = ANY(%s::text[]) ORDER BY 1
"""
_ALIKE = f"""
SELECT f.party, count(DISTINCT f.digest) FROM (SELECT DISTINCT digest FROM risk_trace WHERE party = %s) d CROSS JOIN LATERAL (
    SELECT DISTINCT t.party, t.digest FROM risk_trace t WHERE t.digest = d.digest AND t.party <> %s AND t.party LIKE 'customer:%%'
     ORDER BY t.party LIMIT {rules.COUNT_MAX + 1}) f
 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT %s
"""  # noqa: S608 - our own limit


@dataclass(frozen=True, slots=True)
class Step:
    """`mine` left the value `digest` under `kind`, and `other` left it, too."""

    kind: str
    digest: str
    mine: str
    other: str

    @property
    def family(self) -> str:
        return rules.family_of(self.kind)


@dataclass(frozen=True, slots=True)
class Reach:
    """The parties in the order in which they were reached, the digests that joined them, and the steps of the first level."""

    parties: tuple[str, ...]
    digests: frozenset[str]
    first: tuple[Step, ...]
    common: tuple[tuple[str, str, int], ...]
    is_cut: bool


def level(parties: Sequence[str], at: datetime) -> list[Step]:
    """Everybody who left a value that one of `parties` left."""
    mine = list(parties)
    return [Step(*row) for row in prepared.ask(_LEVEL, [mine, at, at, mine, at, at])]


def reach(centre: str, at: datetime) -> Reach:
    """The connected group around `centre`, through values few enough carry, in DEPTH_MAX steps and to RING_MAX parties."""
    seen, frontier = [centre], [centre]
    digests: set[str] = set()
    first: list[Step] = []
    common: dict[tuple[str, str], int] = {}
    for depth in range(rules.DEPTH_MAX):
        steps = level(frontier, at)
        joining, wide = _parted(steps)
        if depth == 0:
            first, common = steps, wide
        digests |= {step.digest for step in joining}
        fresh = list(dict.fromkeys(step.other for step in joining if step.other not in set(seen)))
        room = rules.RING_MAX - len(seen)
        seen += fresh[:room]
        # A dealer stands beside many who have nothing to do with each other: it is shown, not passed through.
        frontier = [party for party in fresh[:room] if not party.startswith("dealer:")]
        if len(fresh) > room or not frontier:
            return Reach(tuple(seen), frozenset(digests), tuple(first), _counted(common), len(fresh) > room)
    return Reach(tuple(seen), frozenset(digests), tuple(first), _counted(common), False)


def _parted(steps: Sequence[Step]) -> tuple[list[Step], dict[tuple[str, str], int]]:
    """The steps over values that join, and how many carry each value that is too common to."""
    carriers: dict[tuple[str, str], set[str]] = {}
    for step in steps:
        carriers.setdefault((step.family, step.digest), set()).update((step.mine, step.other))
    wide = {
        (family, digest): len(parties) for (family, digest), parties in carriers.items()
        if len(parties) > rules.DEGREE_MAX.get(family, rules.RING_MAX)
    }
    return [step for step in steps if (step.family, step.digest) not in wide], wide


def _counted(common: dict[tuple[str, str], int]) -> tuple[tuple[str, str, int], ...]:
    return tuple((family, digest, count) for (family, digest), count in sorted(common.items()))


def details(parties: Sequence[str], digests: Sequence[str], at: datetime) -> list[tuple[str, str, str, str]]:
    """(party, digest, kind, masked) of each of these values that one of these parties had left by then."""
    return [(str(a), str(b), str(c), str(d)) for a, b, c, d in prepared.ask(_DETAILS, [list(parties), list(digests), at])]


def applications_on_same_vin(application: str, at: datetime) -> int:
    """How many other applications name a car that this one (`application:A26-…`) names."""
    return int(prepared.ask(_APPLICATIONS, [at, application, application, at])[0][0])


def applications_of_guarantors(application: str, at: datetime, since: datetime) -> int:
    """In how many other applications filed after `since`, and not declined by then, somebody stands surety who does in this one."""
    return int(prepared.ask(_GUARANTEED, [at, since, application, application, at, at])[0][0])


def other_vins_of_plate(application: str, at: datetime) -> int:
    """How many other cars were applied for with a plate of this application's car."""
    return int(prepared.ask(_OTHER_VINS, [application, at, at, at])[0][0])


def colleagues(party: str, at: datetime) -> list[str]:
    """Other customers with the same employer, by its name or its phone; of a very large one a part only."""
    return [str(row[0]) for row in prepared.ask(_COLLEAGUES, [party, at, at, party])]


def turned_bad(parties: Sequence[str], at: datetime) -> set[str]:
    """Which of these parties had had a bad outcome by then."""
    return {str(row[0]) for row in prepared.ask(_BAD, [list(parties), at])}


def days_of(parties: Sequence[str], digests: Sequence[str]) -> list[date]:
    """The days on which something of this ring became known."""
    return [row[0] for row in prepared.ask(_DAYS, [list(parties), list(digests)])]


def alike(party: str, most: int) -> list[str]:
    """The customers who share most values with this one, the likeliest first; very common values count a part of their carriers only."""
    return [str(row[0]) for row in prepared.ask(_ALIKE, [party, party, most])]
