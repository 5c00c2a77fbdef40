from django.db import migrations, models
import django.db.models.deletion


def from_the_enquiry(apps, _editor):
    """Cases filed before took their dealer from the enquiry alone; a few thousand at a time."""
    applications = apps.get_model("origination", "Application").objects.filter(dealer__isnull=True, lead__dealer__isnull=False)
    while ids := list(applications.order_by("pk").values_list("pk", flat=True)[:5_000]):
        lead = apps.get_model("leads", "Lead").objects.filter(pk=models.OuterRef("lead_id"))
        apps.get_model("origination", "Application").objects.filter(pk__in=ids).update(dealer_id=models.Subquery(lead.values("dealer_id")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("channels", "0001_initial"),
        ("leads", "0001_initial"),
        ("origination", "0004_filed_through"),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="dealer",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="channels.dealer"
            ),
        ),
        migrations.RunPython(from_the_enquiry, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("dealer__isnull", False)), fields=["dealer", "-id"], name="application_dealer"
            ),
        ),
    ]
