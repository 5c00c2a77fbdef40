from django.db import migrations

from chezhe.kernel.append_only import append_only


class Migration(migrations.Migration):
    """Templates and receipts can be added to, never changed."""

    dependencies = [("messaging", "0001_initial")]

    operations = [append_only("messaging_template"), append_only("messaging_messagereceipt")]
