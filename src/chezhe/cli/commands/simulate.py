"""`chezhe simulate --seed N --days N`: live random days in a database of their own and stop on the first imbalance."""

from __future__ import annotations

import os
import shutil
import sys

from chezhe.cli.commands import _surroundings
from chezhe.cli.commands._surroundings import VAR, Instance

DATABASE = "chezhe_simulate"


def run(argv: list[str]) -> int:
    """The exit code of the story: 0 when every day added up. The database is made anew for each run."""
    folder = VAR / "simulate"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "static").mkdir(parents=True)  # the web's handler, which answers the banks, looks for it
    chosen = Instance("simulate", folder, DATABASE, "test")
    with _surroundings.embedded().running() as cluster:
        cluster.drop_database(DATABASE)
        cluster.create_database(DATABASE)
        environment = {**chosen.environment(cluster), "CHEZHE_PROCESS": "invent", "CHEZHE_KEYS_FILE": os.fspath(folder / "keys.json")}
        for words in (["migrate", "--noinput", "-v", "0"], ["live", *argv]):
            code = _surroundings.manage(words, environment).returncode
            if code:
                sys.stderr.write(f"{words[0]}: {code}\n")
                return code
    return 0
