"""What the database itself refuses: changing what a trial is once it was handed in, and deleting one."""

FORWARD = """
CREATE FUNCTION risk_keep_live_trial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'append_only: live trial % stays', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status <> 'draft' AND
     (NEW.number, NEW.title, NEW.hypothesis, NEW.purpose, NEW.versions, NEW.model_id, NEW.share, NEW.begins_on, NEW.ends_on,
      NEW.applications_max, NEW.approval_gap_max, NEW.applications_min, NEW.bad_rate_max, NEW.loans_min, NEW.submission, NEW.champion,
      NEW.maker_ids)
     IS DISTINCT FROM
     (OLD.number, OLD.title, OLD.hypothesis, OLD.purpose, OLD.versions, OLD.model_id, OLD.share, OLD.begins_on, OLD.ends_on,
      OLD.applications_max, OLD.approval_gap_max, OLD.applications_min, OLD.bad_rate_max, OLD.loans_min, OLD.submission, OLD.champion,
      OLD.maker_ids) THEN
    RAISE EXCEPTION 'append_only: live trial % is what was handed in', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.began_at IS NOT NULL AND NEW.began_at IS DISTINCT FROM OLD.began_at THEN
    RAISE EXCEPTION 'append_only: live trial % has begun', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.status IN ('stopped', 'ended', 'refused', 'discarded') AND NEW.status <> OLD.status THEN
    RAISE EXCEPTION 'append_only: live trial % is over', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER risk_keep_live_trial BEFORE UPDATE OR DELETE ON risk_livetrial
  FOR EACH ROW EXECUTE FUNCTION risk_keep_live_trial();
CREATE TRIGGER risk_live_trials_no_truncate BEFORE TRUNCATE ON risk_livetrial
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARD = """
DROP TRIGGER IF EXISTS risk_keep_live_trial ON risk_livetrial;
DROP TRIGGER IF EXISTS risk_live_trials_no_truncate ON risk_livetrial;
DROP FUNCTION IF EXISTS risk_keep_live_trial;
"""
