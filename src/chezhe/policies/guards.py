"""What the database itself refuses: changing a version that has left the draft, reopening one, and deleting any."""

from __future__ import annotations

FORWARD = """
CREATE FUNCTION policies_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'append_only: table version % stays', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.policy_id, NEW.version, NEW.number) IS DISTINCT FROM (OLD.policy_id, OLD.version, OLD.number) THEN
    RAISE EXCEPTION 'append_only: table version % keeps its number', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'draft' AND (NEW.content, NEW.content_hash, NEW.findings, NEW.base_id, NEW.restores_id, NEW.drafted_by_id)
     IS DISTINCT FROM (OLD.content, OLD.content_hash, OLD.findings, OLD.base_id, OLD.restores_id, OLD.drafted_by_id) THEN
    RAISE EXCEPTION 'append_only: table version % has left the draft', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('published', 'cancelled', 'discarded') AND
     (NEW.effective_from, NEW.published_by_name, NEW.published_at, NEW.approval_number)
     IS DISTINCT FROM (OLD.effective_from, OLD.published_by_name, OLD.published_at, OLD.approval_number) THEN
    RAISE EXCEPTION 'append_only: table version % has been decided', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT (NEW.status = OLD.status OR (OLD.status = 'draft' AND NEW.status IN ('submitted', 'discarded'))
          OR (OLD.status = 'submitted' AND NEW.status IN ('published', 'draft'))
          OR (OLD.status = 'published' AND NEW.status = 'cancelled')) THEN
    RAISE EXCEPTION 'append_only: table version % cannot become %', OLD.number, NEW.status USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policies_keep_version BEFORE UPDATE OR DELETE ON policies_policyversion
  FOR EACH ROW EXECUTE FUNCTION policies_keep_version();
CREATE TRIGGER policies_no_truncate BEFORE TRUNCATE ON policies_policyversion
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARD = """
DROP TRIGGER IF EXISTS policies_keep_version ON policies_policyversion;
DROP TRIGGER IF EXISTS policies_no_truncate ON policies_policyversion;
DROP FUNCTION IF EXISTS policies_keep_version;
"""
