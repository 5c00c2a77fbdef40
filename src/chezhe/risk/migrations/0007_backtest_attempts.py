from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('risk', '0006_model_purposes'),
    ]

    operations = [
        migrations.AddField(
            model_name='backtest',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
