import chezhe.kernel.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("messaging", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="sealed",
            field=chezhe.kernel.fields.Encrypted(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="template",
            name="lasts_seconds",
            field=models.PositiveIntegerField(null=True),
        ),
    ]
