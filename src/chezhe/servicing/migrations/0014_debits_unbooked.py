
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_reconciliation'),
        ('servicing', '0013_debits'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='loandebit',
            index=models.Index(condition=models.Q(('collected__gt', models.F('booked'))), fields=['ordered_at'], name='loan_debit_unbooked'),
        ),
    ]
