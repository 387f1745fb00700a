"""What lists of a million rows are narrowed to, kept where an index finds it: full mailboxes, dead targets."""

from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_people_customers_domains'),
        ('mail', '0004_mailbox_name_trigram_upper'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='aliastarget',
            name='update_update',
        ),
        migrations.AddField(
            model_name='aliastarget',
            name='is_dead',
            field=models.BooleanField(db_default=False, editable=False, verbose_name='takes no mail'),
        ),
        migrations.AddField(
            model_name='mailboxusage',
            name='fullness',
            field=models.SmallIntegerField(db_default=0, editable=False, verbose_name='full to'),
        ),
        migrations.AddIndex(
            model_name='aliastarget',
            index=models.Index(condition=models.Q(('is_dead', True)), fields=['alias'], name='aliastarget_dead'),
        ),
        migrations.AddIndex(
            model_name='mailbox',
            index=models.Index(condition=models.Q(('status', 'suspended')), fields=['address'], name='mailbox_suspended'),
        ),
        migrations.AddIndex(
            model_name='mailboxusage',
            index=models.Index(condition=models.Q(('fullness__gte', 90)), fields=['mailbox'], name='mailboxusage_nearly_full'),
        ),
        migrations.RunSQL(
            (SQL / "fullness.sql").read_text(encoding="utf-8"), (SQL / "fullness_remove.sql").read_text(encoding="utf-8")
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='aliastarget',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."alias_id" IS DISTINCT FROM (NEW."alias_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."target" IS DISTINCT FROM (NEW."target"))', func='INSERT INTO "mail_aliastargetevent" ("alias_id", "id", "pgh_context", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "target") VALUES (OLD."alias_id", OLD."id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_id\', TRUE), \'\'), NULL)::UUID, NOW(), \'update\', OLD."id", OLD."target"); RETURN NULL;', hash='ab35dce67d492e833983c7a937b6b457d58a021b', operation='UPDATE', pgid='pgtrigger_update_update_ddb9e', table='mail_aliastarget', when='AFTER')),
        ),
    ]
