"""A domain's mail, added up from an index however many mailboxes it has."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_staff_by_address'),
        ('mail', '0005_full_mailboxes_and_dead_targets'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailboxusage',
            name='domain',
            field=models.ForeignKey(
                db_constraint=False, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='accounts.domain',
            ),
        ),
        migrations.RunSQL(
            (SQL / "usage_of_domain.sql").read_text(encoding="utf-8"),
            (SQL / "usage_of_domain_remove.sql").read_text(encoding="utf-8"),
        ),
        migrations.AddIndex(
            model_name='mailboxusage',
            index=models.Index(fields=['domain'], include=('bytes',), name='mailboxusage_of_domain'),
        ),
    ]
