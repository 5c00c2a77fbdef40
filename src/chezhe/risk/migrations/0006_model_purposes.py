import chezhe.kernel.fields
import django.db.models.deletion
from django.db import migrations, models
from chezhe.kernel.append_only import append_only

PURPOSES = [
    ("person", "个人借款人"), ("company", "企业借款人"), ("behaviour", "贷后行为"), ("warning", "贷后预警"), ("valuation", "车辆估值"),
]
KINDS = [("scorecard", "评分卡"), ("boosting", "提升树"), ("valuation", "估值模型")]


class Migration(migrations.Migration):

    dependencies = [
        ("risk", "0005_trials"),
    ]

    operations = [
        migrations.AlterField("scoringmodel", "purpose", models.CharField(choices=PURPOSES, max_length=12)),
        migrations.AlterField("modelturn", "purpose", models.CharField(choices=PURPOSES, max_length=12)),
        migrations.AlterField("scoringmodel", "kind", models.CharField(choices=KINDS, max_length=12)),
        migrations.AddField("modelwatch", "mape", chezhe.kernel.fields.RateField(decimal_places=10, max_digits=14, null=True)),
        migrations.AddField("modelwatch", "coverage", chezhe.kernel.fields.RateField(decimal_places=10, max_digits=14, null=True)),
        migrations.AddField("behaviourscore", "facts", chezhe.kernel.fields.Json(default=dict)),
        migrations.CreateModel(
            name="ShadowAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", chezhe.kernel.fields.Code(max_length=60)),
                ("live_hash", chezhe.kernel.fields.Code(max_length=64)),
                ("live", models.DecimalField(decimal_places=6, max_digits=18)),
                ("said", models.DecimalField(decimal_places=6, max_digits=18)),
                ("answered_at", models.DateTimeField()),
                ("model", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="answers", to="risk.scoringmodel")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("model", "subject"), name="risk_shadow_answer_once")],
            },
        ),
        append_only("risk_shadowanswer"),
    ]
