"""Schemas `mta` and `postfixadmin`, and the two roles under which Postfix and Dovecot connect."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "sql"


def script(name: str) -> str:
    """One of mail/sql. Once released these files stay as they are: a change is a new file and a new migration."""
    return (SQL / name).read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Install the scripts of mail/sql; the way back removes all but the roles."""

    dependencies = [
        ("accounts", "0001_people_customers_domains"),
        ("mail", "0002_import_drafts"),
    ]

    operations = [
        migrations.RunSQL(script("roles.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(
            script("mta.sql") + script("postfixadmin.sql") + script("grants.sql"), script("remove.sql")
        ),
    ]
