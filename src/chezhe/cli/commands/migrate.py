"""`chezhe migrate`: tables, grants and static files, once per release, as the owner of the tables."""

from __future__ import annotations

import psycopg

from chezhe.cli.commands import _surroundings
from chezhe.kernel.postgres import grants


def run(argv: list[str]) -> int:
    """Needs a DATABASE_URL that may change the schema; web and worker sign in as a member of `chezhe_app`."""
    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        environment = chosen.environment(cluster)
        for words in (["migrate", "--noinput", *argv], ["collectstatic", "--noinput", "-v", "0"]):
            code = _surroundings.manage(words, environment).returncode
            if code != 0:
                return code
        with psycopg.connect(environment["DATABASE_URL"]) as connection:
            grants.grant(connection)
    return 0
