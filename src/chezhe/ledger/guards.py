"""What the database itself refuses: SQL of the migrations, kept apart so that it can be read.

- an entry in a closed month, also when the close and the entry meet (a shared advisory lock against the close's own);
- a transfer added to an entry after the transaction that wrote it, and an entry without transfers;
- a transfer of an entry or an account that is not there, and taking away an account that transfers name (REFERENCES_…);
- every UPDATE, DELETE and TRUNCATE (`kernel.append_only`), and for the role `chezhe_app` by missing rights as well.

Production signs in as a member of `chezhe_app`, never as the owner of the tables: an owner could switch triggers off.
"""

from __future__ import annotations

# "ledger" as a number: posters hold this lock shared until they commit, the close takes it alone.
PERIOD_LOCK = 0x6C6564676572

FORWARD = """
CREATE VIEW ledger_line AS
  SELECT t.id || 'D' AS id, t.id AS transfer_id, t.entry_id, t.debit_account_id AS account_id, 'debit' AS side,
         t.amount_fen AS debit_fen, 0::bigint AS credit_fen, t.owner, e.branch_id, e.posted_on
    FROM ledger_transfer t JOIN ledger_journalentry e ON e.id = t.entry_id
  UNION ALL
  SELECT t.id || 'C', t.id, t.entry_id, t.credit_account_id, 'credit',
         0::bigint, t.amount_fen, t.owner, e.branch_id, e.posted_on
    FROM ledger_transfer t JOIN ledger_journalentry e ON e.id = t.entry_id;

CREATE FUNCTION ledger_admit_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.written_in := txid_current();
  PERFORM pg_advisory_xact_lock_shared(PERIOD_LOCK);
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_admit_entry BEFORE INSERT ON ledger_journalentry
  FOR EACH ROW EXECUTE FUNCTION ledger_admit_entry();

-- After the rows are in, once a statement: an entry that stands already is not added again and need not be in an open month.
CREATE FUNCTION ledger_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  earliest date := (SELECT min(posted_on) FROM added);
BEGIN
  IF EXISTS (SELECT 1 FROM ledger_period WHERE status = 'closed' AND month >= date_trunc('month', earliest::timestamp)) THEN
    RAISE EXCEPTION 'period_closed: %', earliest
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_period_closed';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_refuse_closed AFTER INSERT ON ledger_journalentry REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_closed();

CREATE FUNCTION ledger_keep_entry_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM added a JOIN ledger_journalentry e ON e.id = a.entry_id
              WHERE e.written_in <> txid_current()) THEN
    RAISE EXCEPTION 'entry_is_written: no transfer can join an entry afterwards'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_keep_entry_whole AFTER INSERT ON ledger_transfer REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_keep_entry_whole();

CREATE FUNCTION ledger_refuse_empty_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM ledger_transfer WHERE entry_id = NEW.id) THEN
    RAISE EXCEPTION 'entry_is_empty: %', NEW.reference
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_not_empty';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_refuse_empty_entry AFTER INSERT ON ledger_journalentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_refuse_empty_entry();

CREATE FUNCTION ledger_close_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (TG_OP = 'UPDATE' AND OLD.status = 'closed') THEN
    RAISE EXCEPTION 'append_only: a closed period stays closed' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.status = 'closed' THEN
    PERFORM pg_advisory_xact_lock(PERIOD_LOCK);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_close_alone BEFORE INSERT OR UPDATE OR DELETE ON ledger_period
  FOR EACH ROW EXECUTE FUNCTION ledger_close_alone();
CREATE TRIGGER ledger_period_no_truncate BEFORE TRUNCATE ON ledger_period
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'chezhe_app') THEN
    CREATE ROLE chezhe_app NOLOGIN;
  END IF;
EXCEPTION WHEN insufficient_privilege OR duplicate_object OR unique_violation THEN
  RAISE NOTICE 'role chezhe_app is the administrator''s to create';
END $$;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'chezhe_app') THEN
    REVOKE ALL ON ledger_journalentry, ledger_transfer, ledger_periodbalance FROM chezhe_app;
    GRANT SELECT, INSERT ON ledger_journalentry, ledger_transfer, ledger_periodbalance TO chezhe_app;
    GRANT SELECT ON ledger_line TO chezhe_app;
    GRANT SELECT, INSERT, UPDATE ON ledger_account, ledger_period TO chezhe_app;
    GRANT USAGE ON SEQUENCE ledger_journalentry_id_seq, ledger_transfer_id_seq, ledger_periodbalance_id_seq,
      ledger_account_id_seq, ledger_period_id_seq TO chezhe_app;
  END IF;
END $$;
""".replace("PERIOD_LOCK", str(PERIOD_LOCK))

BACKWARD = """
DROP VIEW IF EXISTS ledger_line;
DROP TRIGGER IF EXISTS ledger_admit_entry ON ledger_journalentry;
DROP TRIGGER IF EXISTS ledger_refuse_closed ON ledger_journalentry;
DROP TRIGGER IF EXISTS ledger_keep_entry_whole ON ledger_transfer;
DROP TRIGGER IF EXISTS ledger_refuse_empty_entry ON ledger_journalentry;
DROP TRIGGER IF EXISTS ledger_close_alone ON ledger_period;
DROP TRIGGER IF EXISTS ledger_period_no_truncate ON ledger_period;
DROP FUNCTION IF EXISTS ledger_admit_entry, ledger_refuse_closed, ledger_keep_entry_whole, ledger_refuse_empty_entry, ledger_close_alone;
"""

# Foreign keys would ask three times for every row; a close writes tens of thousands of rows that name a dozen accounts and a
# handful of entries, so the same is asked once a statement. What an entry needs cannot vanish meanwhile: entries are never
# deleted, and whoever takes an account away waits alone for the lock that writers of entries share, then looks.
REFERENCES_FORWARD = """
CREATE OR REPLACE FUNCTION ledger_keep_entry_whole() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  strange bigint;
BEGIN
  SELECT a.id INTO strange
    FROM (SELECT debit_account_id AS id FROM added UNION SELECT credit_account_id FROM added) a
   WHERE NOT EXISTS (SELECT FROM ledger_account k WHERE k.id = a.id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer_account: there is no account %', strange
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_transfer_account';
  END IF;
  SELECT a.id INTO strange FROM (SELECT DISTINCT entry_id AS id FROM added) a
   WHERE NOT EXISTS (SELECT FROM ledger_journalentry e WHERE e.id = a.id) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'transfer_entry: there is no entry %', strange
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_transfer_entry';
  END IF;
  IF EXISTS (SELECT FROM (SELECT DISTINCT entry_id AS id FROM added) a
              WHERE (SELECT e.written_in FROM ledger_journalentry e WHERE e.id = a.id) <> txid_current()) THEN
    RAISE EXCEPTION 'entry_is_written: no transfer can join an entry afterwards'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION ledger_keep_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.id = OLD.id THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(PERIOD_LOCK);
  IF EXISTS (SELECT FROM ledger_transfer WHERE debit_account_id = OLD.id)
     OR EXISTS (SELECT FROM ledger_transfer WHERE credit_account_id = OLD.id) THEN
    RAISE EXCEPTION 'transfer_account: transfers name the account %', OLD.code
      USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_transfer_account';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER ledger_keep_account BEFORE UPDATE OF id OR DELETE ON ledger_account
  FOR EACH ROW EXECUTE FUNCTION ledger_keep_account();
""".replace("PERIOD_LOCK", str(PERIOD_LOCK))

REFERENCES_BACKWARD = """
DROP TRIGGER IF EXISTS ledger_keep_account ON ledger_account;
DROP FUNCTION IF EXISTS ledger_keep_account;
"""
