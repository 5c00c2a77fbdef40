import django.db.models.deletion
from django.db import migrations, models

from chezhe.ledger import guards


class Migration(migrations.Migration):

    dependencies = [
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(guards.REFERENCES_FORWARD, guards.REFERENCES_BACKWARD),
        migrations.AlterField(
            model_name="transfer",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="transfers", to="ledger.journalentry"
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="debit_account",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="credit_account",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
            ),
        ),
    ]
