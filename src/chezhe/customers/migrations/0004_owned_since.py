from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0003_trade'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='owned_since',
            field=models.DateField(blank=True, null=True),
        ),
    ]
