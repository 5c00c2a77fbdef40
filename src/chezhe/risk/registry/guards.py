"""What the database itself refuses: changing what a model is, or deleting one. An old decision must find it for ever."""

FORWARD = """
CREATE FUNCTION risk_keep_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'append_only: model % stays', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF (NEW.number, NEW.purpose, NEW.kind, NEW.content_hash, NEW.data_hash, NEW.content, NEW.inputs, NEW.metrics, NEW.card, NEW.parent_id,
      NEW.is_shipped, NEW.uploaded_by_name, NEW.uploaded_at)
     IS DISTINCT FROM
     (OLD.number, OLD.purpose, OLD.kind, OLD.content_hash, OLD.data_hash, OLD.content, OLD.inputs, OLD.metrics, OLD.card, OLD.parent_id,
      OLD.is_shipped, OLD.uploaded_by_name, OLD.uploaded_at) THEN
    RAISE EXCEPTION 'append_only: model % is what it is', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER risk_keep_model BEFORE UPDATE OR DELETE ON risk_scoringmodel
  FOR EACH ROW EXECUTE FUNCTION risk_keep_model();
CREATE TRIGGER risk_models_no_truncate BEFORE TRUNCATE ON risk_scoringmodel
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

BACKWARD = """
DROP TRIGGER IF EXISTS risk_keep_model ON risk_scoringmodel;
DROP TRIGGER IF EXISTS risk_models_no_truncate ON risk_scoringmodel;
DROP FUNCTION IF EXISTS risk_keep_model;
"""
