"""What the database itself refuses: changing a version that has left the draft, and deleting any version."""

from __future__ import annotations

FORWARD = """
CREATE FUNCTION products_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'append_only: product version % stays', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'draft' AND (NEW.product_id, NEW.version, NEW.number, NEW.content, NEW.content_hash, NEW.effective_from)
     IS DISTINCT FROM (OLD.product_id, OLD.version, OLD.number, OLD.content, OLD.content_hash, OLD.effective_from) THEN
    RAISE EXCEPTION 'append_only: product version % has left the draft', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('published', 'retired', 'discarded') AND NEW.status NOT IN (OLD.status, 'retired') THEN
    RAISE EXCEPTION 'append_only: product version % cannot be reopened', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER products_keep_version BEFORE UPDATE OR DELETE ON products_productversion
  FOR EACH ROW EXECUTE FUNCTION products_keep_version();
CREATE TRIGGER products_no_truncate BEFORE TRUNCATE ON products_productversion
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARD = """
DROP TRIGGER IF EXISTS products_keep_version ON products_productversion;
DROP TRIGGER IF EXISTS products_no_truncate ON products_productversion;
DROP FUNCTION IF EXISTS products_keep_version;
"""
