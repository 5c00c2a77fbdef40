"""`chezhe manage COMMAND …`: a Django management command on the demo's database (or DATABASE_URL)."""

from __future__ import annotations

from chezhe.cli.commands import _surroundings


def run(argv: list[str]) -> int:
    """Returns the command's exit code; the embedded server runs only as long as it is needed."""
    chosen = _surroundings.instance()
    with _surroundings.database_of(chosen) as cluster:
        return _surroundings.manage(argv or ["help"], chosen.environment(cluster)).returncode
