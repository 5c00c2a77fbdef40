import chezhe.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('origination', '0003_checking'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='filed_through',
            field=models.CharField(choices=[('counter', '柜台'), ('online', '线上'), ('dealer', '车商')], default='counter', max_length=8),
        ),
        migrations.AddField(
            model_name='application',
            name='device',
            field=chezhe.kernel.fields.Text(blank=True, default='', max_length=120),
        ),
    ]
