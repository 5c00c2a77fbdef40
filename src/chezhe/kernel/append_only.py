"""What the database refuses whoever asks: every change of a table that may only grow, and some changes of one whose rows stay."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.migrations import RunSQL

_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'append_only: % on % is not possible', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""


def append_only(table: str) -> RunSQL:
    """A migration operation that closes `table` against every change but INSERT."""
    create = f"""{_FUNCTION}
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    drop = f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}; DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};"
    return RunSQL(create, drop)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A change of a row that is refused: `when`, as SQL over OLD and NEW, and what the error says of it, its number for the first `%` and
    `beside` for a second."""

    when: str
    said: str
    beside: str = ""

    def sql(self) -> str:
        values = ", ".join(filter(None, ("OLD.number", self.beside)))
        return f"""
  IF {self.when} THEN
    RAISE EXCEPTION 'append_only: {self.said}', {values} USING ERRCODE = 'restrict_violation';
  END IF;"""


def altered(*columns: str) -> str:
    """SQL: one of these columns is another one."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"({new}) IS DISTINCT FROM ({old})"


def keeping(table: str, called: str, *refusals: Refusal) -> RunSQL:
    """A migration operation by which rows of `table`, which have a number and are `called` something, stay for ever and are changed only
    where nothing refuses it."""
    create = f"""{_FUNCTION}
CREATE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'append_only: {called} % stays', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;{"".join(refusal.sql() for refusal in refusals)}
  RETURN NEW;
END $$;
CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_keep();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
    drop = f"""
DROP TRIGGER IF EXISTS {table}_keep ON {table};
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
DROP FUNCTION IF EXISTS {table}_keep;
"""
    return RunSQL(create, drop)
