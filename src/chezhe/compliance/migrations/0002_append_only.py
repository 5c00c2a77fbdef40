from django.db import migrations

from chezhe.kernel.append_only import append_only


class Migration(migrations.Migration):
    """Consents, their texts and every figure ever in force can be added to, never changed."""

    dependencies = [("compliance", "0001_initial"), ("kernel", "0001_initial")]

    operations = [
        append_only("compliance_consent"), append_only("compliance_consenttext"), append_only("kernel_parameter"),
    ]
