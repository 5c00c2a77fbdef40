from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("contracts", "0044_known_devices")]

    operations = [
        migrations.AddField(
            model_name="registrationorder",
            name="told_until",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="registrationorder",
            index=models.Index(condition=models.Q(("status", "accepted")), fields=["valid_until"], name="registration_term"),
        ),
    ]
