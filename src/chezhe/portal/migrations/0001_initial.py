import chezhe.kernel.fields
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('channels', '0002_dealerperson'),
        ('customers', '0002_language'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('borrower', '客户'), ('dealer', '车商人员')], max_length=8)),
                ('mobile', chezhe.kernel.fields.Encrypted()),
                ('mobile_hash', chezhe.kernel.fields.BlindIndex(blank=True, db_index=True, default='', editable=False, max_length=32, of='mobile')),
                ('opened_at', models.DateTimeField()),
                ('bound_at', models.DateTimeField(null=True)),
                ('customer', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='customers.customer')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='channels.dealerperson')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', chezhe.kernel.fields.Code(max_length=64, unique=True)),
                ('is_program', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField()),
                ('last_seen_at', models.DateTimeField()),
                ('stepped_up_at', models.DateTimeField(null=True)),
                ('stepped_up_for', chezhe.kernel.fields.Code(blank=True, default='', max_length=80)),
                ('ended_at', models.DateTimeField(null=True)),
                ('ip_address', models.GenericIPAddressField(null=True)),
                ('user_agent', chezhe.kernel.fields.Text(blank=True, default='', max_length=200)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='portal.account')),
            ],
        ),
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('borrower', '客户'), ('dealer', '车商人员')], max_length=8)),
                ('purpose', models.CharField(choices=[('sign_in', '登录'), ('step_up', '再次验证身份')], max_length=8)),
                ('about', chezhe.kernel.fields.Code(blank=True, default='', max_length=80)),
                ('mobile', chezhe.kernel.fields.Encrypted()),
                ('mobile_hash', chezhe.kernel.fields.BlindIndex(blank=True, db_index=True, default='', editable=False, max_length=32, of='mobile')),
                ('digest', chezhe.kernel.fields.Code(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('ip_address', models.GenericIPAddressField(null=True)),
                ('session', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='portal.outsidesession')),
            ],
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.UniqueConstraint(fields=('kind', 'mobile_hash'), name='portal_account_once'),
        ),
        migrations.AddConstraint(
            model_name='account',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'borrower'), ('person__isnull', True)), models.Q(('customer__isnull', True), ('kind', 'dealer'), ('person__isnull', False)), _connector='OR'), name='portal_account_of_one'),
        ),
        migrations.AddIndex(
            model_name='outsidesession',
            index=models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['account', '-id'], name='portal_session_open'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['mobile_hash', '-issued_at'], name='portal_code_mobile'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['ip_address', '-issued_at'], name='portal_code_address'),
        ),
    ]
