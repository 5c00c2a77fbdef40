
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='customer',
            name='language',
            field=models.CharField(choices=[('zh-hans', '中文'), ('en', '英文')], db_default='zh-hans', default='zh-hans', max_length=8),
        ),
    ]
