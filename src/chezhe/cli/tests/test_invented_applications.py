"""Invented applications as files: the same seed is the same file, and what is kept is what was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from chezhe.cli.tests.conftest import Run
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab.generating import GROUPS, ID, TARGET, TIME, WIDELY_KNOWN
from chezhe.scorecards import tables

OWN = {ID, TIME, TARGET}
WORDS = ("--count", "60", "--seed", "5")


def test_the_same_seed_is_the_same_file_and_another_is_not(chezhe: Run, tmp_path: Path) -> None:
    first, again, other = (tmp_path / f"{name}.parquet" for name in ("first", "again", "other"))
    said = chezhe("invented-applications", *WORDS, "--out", str(first))
    assert (said.code, said.out, said.err) == (0, f"60 {first}\n", "")
    chezhe("invented-applications", *WORDS, "--out", str(again))
    chezhe("invented-applications", "--count", "60", "--seed", "6", "--out", str(other))
    assert first.read_bytes() == again.read_bytes() != other.read_bytes()
    rows = tables.read(first).to_pylist()
    assert len({row[ID] for row in rows}) == 60 and [row[TIME] for row in rows] == sorted(row[TIME] for row in rows)
    assert {row[TARGET] for row in rows} <= {0, 1} and set(rows[0]) <= {*CATALOGUE, *OWN}


def test_a_csv_holds_the_same_rows(chezhe: Run, tmp_path: Path) -> None:
    for name in ("rows.parquet", "rows.csv"):
        assert chezhe("invented-applications", *WORDS, "--widely-known", "--out", str(tmp_path / name)).code == 0
    one, two = (tables.read(tmp_path / name) for name in ("rows.parquet", "rows.csv"))
    assert one.column_names == two.column_names
    for name in one.column_names:
        assert list(map(str, one.column(name).to_pylist())) == list(map(str, two.column(name).to_pylist())), name


def test_what_is_kept_is_what_was_asked_for(chezhe: Run, tmp_path: Path) -> None:
    kept = {}
    for words in ((), ("--widely-known",), ("--widely-known", "--groups"), ("--groups",)):
        out = tmp_path / f"{len(kept)}.parquet"
        assert chezhe("invented-applications", *WORDS, *words, "--out", str(out)).code == 0
        kept[words] = set(tables.read(out).column_names)
    assert kept[("--widely-known",)] <= {*WIDELY_KNOWN, *OWN} and {"bureau_score", "dti", *OWN} <= kept[("--widely-known",)]
    assert kept[("--widely-known", "--groups")] - kept[("--widely-known",)] == {*GROUPS, "sex"}
    assert kept[()] > kept[("--widely-known",)] and kept[("--groups",)] - kept[()] == {"sex"}


@pytest.mark.parametrize("words", [("--out", "a.txt"), ("--out", "a.csv", "--count", "0"), ("--count", "5"), ("--out", "a.csv", "--seed", "x")])
def test_it_says_what_it_cannot_write(words: tuple[str, ...]) -> None:
    from chezhe.cli import main

    with pytest.raises(SystemExit) as left:
        main.main(["invented-applications", *words])
    assert left.value.code == 2
