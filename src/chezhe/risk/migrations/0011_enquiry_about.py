from django.db import migrations

import chezhe.kernel.fields


class Migration(migrations.Migration):

    dependencies = [
        ('risk', '0010_outcome_retraction'),
    ]

    operations = [
        migrations.AddField(
            model_name='enquiry',
            name='about',
            field=chezhe.kernel.fields.Code(blank=True, db_default='', default='', max_length=32),
        ),
    ]
