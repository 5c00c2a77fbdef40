import chezhe.kernel.fields
import django.db.models.deletion
from django.db import migrations, models
from chezhe.kernel.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0002_language'),
        ('risk', '0002_registry'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProfileDue',
            fields=[
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='customers.customer')),
                ('since_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='BehaviourScore',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('scored_at', models.DateTimeField()),
                ('score', models.SmallIntegerField()),
                ('base', models.SmallIntegerField()),
                ('probability', chezhe.kernel.fields.RateField(decimal_places=10, max_digits=14)),
                ('level', models.CharField(choices=[('low', '正常'), ('watch', '关注'), ('high', '预警'), ('late', '已逾期 30 天以上')], max_length=5)),
                ('parts', chezhe.kernel.fields.Json(default=list)),
                ('reasons', chezhe.kernel.fields.Json(default=list)),
                ('card_hash', chezhe.kernel.fields.Code(max_length=64)),
                ('warning_hash', chezhe.kernel.fields.Code(max_length=64)),
                ('digest', chezhe.kernel.fields.Code(max_length=64)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='behaviour_scores', to='customers.customer')),
            ],
        ),
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField()),
                ('score', models.SmallIntegerField()),
                ('probability', chezhe.kernel.fields.RateField(decimal_places=10, max_digits=14)),
                ('level', models.CharField(choices=[('low', '正常'), ('watch', '关注'), ('high', '预警'), ('late', '已逾期 30 天以上')], max_length=5)),
                ('level_since', models.DateField()),
                ('reviewed_on', models.DateField(null=True)),
                ('customer', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='profile', to='customers.customer')),
                ('newest', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.behaviourscore')),
            ],
        ),
        migrations.CreateModel(
            name='WarningReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.CharField(choices=[('low', '正常'), ('watch', '关注'), ('high', '预警'), ('late', '已逾期 30 天以上')], max_length=5)),
                ('probability', chezhe.kernel.fields.RateField(decimal_places=10, max_digits=14)),
                ('measure', models.CharField(choices=[('called', '电话了解情况'), ('visited', '上门走访'), ('agreed', '已协商还款安排'), ('collection', '转催收跟进'), ('observed', '继续观察'), ('unfounded', '核实无风险')], max_length=10)),
                ('note', chezhe.kernel.fields.LongText()),
                ('reviewed_on', models.DateField()),
                ('reviewed_at', models.DateTimeField()),
                ('reviewed_by_name', chezhe.kernel.fields.Text(max_length=80)),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warning_reviews', to='customers.customer')),
            ],
        ),
        migrations.AddIndex(
            model_name='behaviourscore',
            index=models.Index(fields=['customer', '-id'], name='behaviour_score_newest'),
        ),
        migrations.AddConstraint(
            model_name='behaviourscore',
            constraint=models.UniqueConstraint(fields=('customer', 'on', 'digest'), name='behaviour_score_once'),
        ),
        migrations.AddConstraint(
            model_name='behaviourscore',
            constraint=models.CheckConstraint(condition=models.Q(('probability__gte', 0), ('probability__lte', 1)), name='behaviour_probability'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(models.OrderBy(models.F('probability'), descending=True), models.F('id'), name='profile_most_likely_first'),
        ),
        migrations.AddIndex(
            model_name='profile',
            index=models.Index(condition=models.Q(('level__in', ['high', 'late']), ('reviewed_on', None)), fields=['level', 'id'], name='profile_warned'),
        ),
        migrations.AddIndex(
            model_name='warningreview',
            index=models.Index(fields=['customer', '-id'], name='warning_review_newest'),
        ),
        append_only("risk_behaviourscore"),
        append_only("risk_warningreview"),
    ]
