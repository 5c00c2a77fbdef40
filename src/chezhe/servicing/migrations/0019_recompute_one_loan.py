import chezhe.kernel.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('servicing', '0018_settlement_ask'),
    ]

    operations = [
        migrations.AddField(
            model_name='recomputation',
            name='number',
            field=chezhe.kernel.fields.Code(blank=True, default='', max_length=20),
            preserve_default=False,
        ),
    ]
