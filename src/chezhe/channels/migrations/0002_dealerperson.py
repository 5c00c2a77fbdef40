import chezhe.kernel.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('channels', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='DealerPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', chezhe.kernel.fields.Text(max_length=20)),
                ('mobile', chezhe.kernel.fields.Encrypted()),
                ('mobile_hash', chezhe.kernel.fields.BlindIndex(blank=True, db_index=True, default='', editable=False, max_length=32, of='mobile')),
                ('added_at', models.DateTimeField()),
                ('added_by_name', chezhe.kernel.fields.Text(max_length=80)),
                ('disabled_at', models.DateTimeField(null=True)),
                ('disabled_by_name', chezhe.kernel.fields.Text(blank=True, default='', max_length=80)),
                ('dealer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='channels.dealer')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('disabled_at__isnull', True)), fields=('mobile_hash',), name='dealer_person_once')],
            },
        ),
    ]
