"""What the running product may do in the database: everything to its rows, nothing to the tables.

The web and the worker sign in as `chezhe_app`. It owns no table, so it can neither change the schema nor switch
a trigger off; on append-only tables it may read and add. Tables whose migration already said what `chezhe_app`
may do keep exactly that.
"""

from __future__ import annotations

from typing import Any

GRANTS = """
DO $$
DECLARE
  named record;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'chezhe_app') THEN
    RETURN;
  END IF;
  FOR named IN
    SELECT c.oid, c.oid::regclass AS name,
      EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname LIKE '%\\_append\\_only') AS grows_only,
      EXISTS (SELECT 1 FROM aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee WHERE r.rolname = 'chezhe_app') AS is_said
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
  LOOP
    IF named.is_said THEN
      CONTINUE;
    ELSIF named.grows_only THEN
      EXECUTE format('GRANT SELECT, INSERT ON %s TO chezhe_app', named.name);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO chezhe_app', named.name);
    END IF;
  END LOOP;
  GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO chezhe_app;
  GRANT USAGE ON SCHEMA public TO chezhe_app;
END $$;
"""


def grant(connection: Any) -> None:
    """Run after every migration, on a connection of the tables' owner; running it again changes nothing."""
    connection.execute(GRANTS)
