"""How fast a decision table of 30 rows and 8 columns is: one case at a time in Python with its trace, and a million at once in DuckDB.

One case in seven lacks a fact, one in twenty has one of the wrong type. A sample of the relation is asked in Python as well: a single
difference makes the run fail.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from statistics import mean, median
from time import perf_counter, perf_counter_ns
from typing import Any

import duckdb
import ibis

from bench import _report
from chezhe.decisiontables import compile_table, ibis_form
from chezhe.decisiontables.values import Column, HitPolicy, Rule, Table, Type

ROWS, CASES, SAMPLE = 30, 5_000, 2_000
PROMISED = 100  # microseconds
INPUTS = (
    Column("score", Type.INTEGER), Column("dti", Type.NUMBER), Column("age_years", Type.INTEGER),
    Column("region", Type.TEXT, values=("east", "west", "north", "south")), Column("on_blacklist", Type.BOOLEAN),
    Column("amount", Type.INTEGER), Column("income", Type.INTEGER), Column("known_since", Type.DATE),
)  # fmt: skip
OUTPUTS = (Column("tier", Type.TEXT, values=("A", "B", "C", "D")), Column("amount_max", Type.NUMBER))
FACTS = """create table facts as select range as id, (400 + random() * 450)::bigint as score,
  case when range % 7 = 0 then null else random()::decimal(24, 10) end as dti, (16 + random() * 50)::bigint as age_years,
  ['east', 'west', 'north', 'south'][1 + (random() * 3.99)::int] as region, random() < 0.1 as on_blacklist,
  (random() * 1e8)::bigint as amount, (random() * 1e7)::bigint as income, date '2019-01-01' + (random() * 2000)::int as known_since
  from range({rows})"""


def table(chance: random.Random) -> Table:
    """Thirty rows as a risk manager might write them: bands of the score, ceilings, a few references, sums in the answers."""
    rules = []
    for number in range(ROWS - 1):
        low = 850 - 15 * number
        when = (
            f"[{low}..{low + 25})", f"<= 0.{chance.randrange(3, 9)}", f">= {chance.randrange(18, 30)}",
            chance.choice(["-", "east", "not(west)", "east, south"]), chance.choice(["-", "false"]),
            chance.choice(["-", f"<= {chance.randrange(10**6, 10**8)}", "< income"]), "-",
            chance.choice(["-", f'> date("2020-0{chance.randrange(1, 9)}-01")']),
        )  # fmt: skip
        rules.append(Rule(when, ("ABCD"[number // 8], chance.choice(["20000000", "income * 12", "0"]))))
    return Table("bench", HitPolicy.FIRST, INPUTS, OUTPUTS, (*rules, Rule(("-",) * len(INPUTS), ("D", "0"))))


def case(chance: random.Random, number: int) -> dict[str, Any]:
    """The facts of one case."""
    facts: dict[str, Any] = {
        "score": chance.randrange(400, 850), "dti": Decimal(chance.randrange(10_000)) / 10_000, "age_years": chance.randrange(16, 66),
        "region": chance.choice(["east", "west", "north", "south"]), "on_blacklist": chance.random() < 0.1,
        "amount": chance.randrange(10**8), "income": chance.randrange(10**7),
        "known_since": date(2019, 1, 1) + timedelta(chance.randrange(2000)),
    }  # fmt: skip
    if number % 7 == 0:
        del facts["dti"]
    if number % 20 == 0:
        facts["score"] = str(facts["score"])
    return facts


def one_by_one(made: Table, chance: random.Random) -> dict[str, Any]:
    """Microseconds of one evaluation, trace and all."""
    compiled = compile_table(made)
    cases = [case(chance, number) for number in range(CASES)]
    taken = []
    for facts in cases * 2:
        begun = perf_counter_ns()
        compiled.evaluate(facts)
        taken.append((perf_counter_ns() - begun) / 1000)
    outcomes = Counter(compiled.evaluate(facts).outcome.value for facts in cases)
    figures = {"p50": median(taken), "p95": _report.percentile(taken, 0.95), "mean": mean(taken)}
    return {**{name: round(value, 1) for name, value in figures.items()}, "outcomes": outcomes}


def at_once(made: Table, rows: int) -> dict[str, Any]:
    """Seconds for a whole relation in DuckDB on two threads, and how many of a sample differ from Python."""
    relation_form = ibis_form.compile_table(made)
    connection = ibis.duckdb.connect()
    connection.con.execute("set threads = 2")
    connection.con.execute(FACTS.format(rows=rows))
    begun = perf_counter()
    query = str(ibis.to_sql(relation_form(connection.table("facts"), "r_", unknown=True), dialect="duckdb"))
    composed = perf_counter()
    connection.con.execute(f"create table results as {query}")
    done = perf_counter()
    different = _different(made, connection.con)
    connection.disconnect()
    times = {"composing_seconds": round(composed - begun, 2), "seconds": round(done - composed, 2)}
    return {"rows": rows, **times, "compared": SAMPLE, "different": different}


def _different(made: Table, connection: duckdb.DuckDBPyConnection) -> int:
    compiled = compile_table(made)
    names = [column.name for column in INPUTS]
    wanted = [*names, "r_outcome", "r_rows_hit", "r_out_tier", "r_out_amount_max", "r_unknown"]
    different = 0
    for row in connection.table("results").order("id").limit(SAMPLE).select(*wanted).fetchall():
        result = compiled.evaluate(dict(zip(names, row, strict=False)))
        outputs = result.outputs if isinstance(result.outputs, dict) else {}
        rows, unknown = ",".join(map(str, result.rows_hit)), ",".join(result.unknown)
        here = (result.outcome.value, rows, outputs.get("tier"), outputs.get("amount_max"), unknown)
        different += here != row[len(names) :]
    return different


def run(rows: int = 1_000_000) -> dict[str, Any]:
    """Both measurements; `failures` names what must not be."""
    chance = random.Random(20260101)
    made = table(chance)
    single, bulk = one_by_one(made, chance), at_once(made, rows)
    print(f"one case with its trace: p50 {single['p50']} µs, p95 {single['p95']} µs, mean {single['mean']} µs (at most {PROMISED})")
    print(f"{bulk['rows']:,} cases in DuckDB: {bulk['seconds']} s, and {bulk['composing_seconds']} s to compose the statement")
    print(f"{bulk['compared']:,} of them compared: {bulk['different']} different")
    failures = [f"{bulk['different']} cases differ between Python and DuckDB"] if bulk["different"] else []
    return {"one_by_one_microseconds": single, "at_once": bulk, "failures": failures}


if __name__ == "__main__":
    _report.main("tables", lambda chosen: run(chosen.loans or 1_000_000))
