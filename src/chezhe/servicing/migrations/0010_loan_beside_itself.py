from django.db import migrations

PLAN = ("due_dates", "principal_fen", "interest_fen", "fee_fen")
# Space on every page for the next version of its rows. Text sorts by code point here, so that the unique index of the numbers
# serves the beginning of a number, too. A plan's arrays stand uncompressed (what the contract fixed gives way first), so that
# one line can be read without unpacking all.
FORWARD = """
ALTER TABLE servicing_loan SET (fillfactor = 60);
DROP INDEX IF EXISTS servicing_loan_number_5d1bf549_like;
""" + "".join(f"ALTER TABLE servicing_schedule ALTER COLUMN {name} SET STORAGE MAIN;\n" for name in PLAN)
BACKWARD = """
CREATE INDEX servicing_loan_number_5d1bf549_like ON servicing_loan (number varchar_pattern_ops);
ALTER TABLE servicing_loan RESET (fillfactor);
""" + "".join(f"ALTER TABLE servicing_schedule ALTER COLUMN {name} SET STORAGE EXTENDED;\n" for name in PLAN)


class Migration(migrations.Migration):

    dependencies = [
        ("servicing", "0009_funding"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="loan", name="loan_waiting"),
        migrations.RemoveIndex(model_name="loan", name="loan_oldest_due"),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
