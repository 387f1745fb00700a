"""PostfixAdmin's published queries give the same answers from our views as from its own tables.

The same objects are put in both. What PostfixAdmin has no word for is filled in as its administrator would: a
mailbox of a suspended domain or customer is inactive there, an expired alias as well.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from accounts.models import Domain
from mail.models import Mailbox
from tests import factories

STOCK = Path(__file__).with_name("stock_postfixadmin.sql")

# DOCUMENTS/Postfix-Dovecot-Postgresql-Example.md, POSTFIX_CONF.txt, DOVECOT-2.4.md; %s, %u and %d as Postfix has them.
BY_ADDRESS = {
    "alias": "SELECT goto FROM alias WHERE address='%s' AND active = true",
    "alias through alias domain": (
        "SELECT goto FROM alias,alias_domain WHERE alias_domain.alias_domain='%d' AND alias.address ="
        " CONCAT('%u','@',alias_domain.target_domain) AND alias.active = true AND alias_domain.active = true"
    ),
    "catch-all through alias domain": (
        "SELECT goto FROM alias,alias_domain WHERE alias_domain.alias_domain='%d' AND alias.address ="
        " CONCAT('@',alias_domain.target_domain) AND alias.active = '1' AND alias_domain.active = '1'"
    ),
    "mailbox": "SELECT maildir FROM mailbox WHERE username='%s' AND active = true",
    "mailbox through alias domain": (
        "SELECT maildir FROM mailbox,alias_domain WHERE alias_domain.alias_domain='%d' AND mailbox.username ="
        " CONCAT('%u','@',alias_domain.target_domain) AND mailbox.active = true AND alias_domain.active = true"
    ),
    "limit": "SELECT quota FROM mailbox WHERE username='%s' AND active = '1'",
    "sender": "SELECT username FROM mailbox WHERE username='%s' AND active = true",
    "passdb": "SELECT username AS user, password FROM mailbox WHERE username='%s' AND active='1'",
    "userdb": (
        "SELECT '/var/mail/' || maildir AS home, 1001 AS uid, 1001 AS gid, CONCAT(quota,'B') AS quota_storage_size"
        " FROM mailbox WHERE username='%s' AND active='1'"
    ),
    "sending allowed": "SELECT username FROM mailbox WHERE username='%s' AND active = true AND smtp_active = true",
}
BY_DOMAIN = {
    "domain": "SELECT domain FROM domain WHERE domain='%s' AND backupmx = false AND active = true",
    "domain by transport": (
        "SELECT domain FROM domain WHERE domain='%s' AND active = '1'"
        " AND NOT (transport LIKE 'smtp%%' OR transport LIKE 'relay%%')"
    ),
    "relay domain": "SELECT domain FROM domain WHERE domain='%s' AND backupmx = true AND active = true",
    "relay domain by transport": (
        "SELECT domain FROM domain WHERE domain='%s' AND active = true"
        " AND (transport LIKE 'smtp%%' OR transport LIKE 'relay%%')"
    ),
    "transport": "SELECT REPLACE(transport, 'virtual', ':') FROM domain WHERE domain='%s' AND active = true",
}
ITERATE = "SELECT username AS user FROM mailbox WHERE active='1'"

ADDRESSES = [
    "dale@orchard.example",
    "lupe@orchard.example",
    "earl@orchard.example",
    "walt@orchard.example",
    "gone@orchard.example",
    "office@orchard.example",
    "fair@orchard.example",
    "off@orchard.example",
    "@orchard.example",
    "nobody@orchard.example",
    "dale@orchard.test",
    "office@orchard.test",
    "nobody@orchard.test",
    "dale@pears.example",
    "all@pears.example",
    "dale@plums.example",
    "anyone@backup.example",
    "anyone@elsewhere.test",
]
DOMAINS = ["orchard.example", "orchard.test", "pears.example", "plums.example", "backup.example", "no.example", "ALL"]


@pytest.fixture
def both(db: None) -> None:
    """A provider with one of everything, in our tables and in PostfixAdmin's."""
    orchard = factories.a_domain("orchard.example", catch_all_allowed=True)
    factories.an_alias_domain(factories.a_domain("orchard.test"), orchard)
    factories.a_domain("backup.example", kind=Domain.Kind.RELAY)
    factories.a_mailbox("dale@orchard.example")
    factories.a_forward(factories.a_mailbox("lupe@orchard.example"), "lupe@home.test")
    away = factories.a_mailbox("earl@orchard.example", keep_copy=False, smtp=False, quota_bytes=0)
    for target in ("earl@one.test", "earl@two.test"):
        factories.a_forward(away, target)
    factories.a_mailbox("walt@orchard.example", status=Mailbox.Status.SUSPENDED)
    factories.a_mailbox("gone@orchard.example", deleted_at=timezone.now())
    factories.an_alias("office@orchard.example", targets=["dale@orchard.example", "agency@elsewhere.test"])
    factories.an_alias("fair@orchard.example", expires_at=timezone.now() - timedelta(days=1))
    factories.an_alias("off@orchard.example", is_active=False)
    factories.a_catch_all(orchard, targets=["dale@orchard.example"])
    factories.a_domain("pears.example", status=Domain.Status.SUSPENDED)
    factories.a_mailbox("dale@pears.example")
    factories.an_alias("all@pears.example")
    factories.a_domain("plums.example", customer=factories.a_customer(status="suspended"))
    factories.a_mailbox("dale@plums.example")
    with connection.cursor() as cursor:
        cursor.execute(STOCK.read_text(), None)
        cursor.execute("SET LOCAL search_path = public")
    _fill_stock()


class TestPublishedQueries:
    @pytest.mark.parametrize("name", BY_ADDRESS)
    def test_about_an_address(self, both: None, name: str) -> None:
        answers = {address: ask(BY_ADDRESS[name], address) for address in ADDRESSES}
        assert any(ours for ours, _stock in answers.values())
        assert {a: ours for a, (ours, _) in answers.items()} == {a: stock for a, (_, stock) in answers.items()}

    @pytest.mark.parametrize("name", BY_DOMAIN)
    def test_about_a_domain(self, both: None, name: str) -> None:
        answers = {domain: ask(BY_DOMAIN[name], domain) for domain in DOMAINS}
        assert any(ours for ours, _stock in answers.values())
        assert {d: ours for d, (ours, _) in answers.items()} == {d: stock for d, (_, stock) in answers.items()}

    def test_about_everybody(self, both: None) -> None:
        ours, stock = ask(ITERATE, "")
        assert ours == stock
        assert len(ours) == 3


class TestTables:
    def test_the_version_and_the_domain_that_stands_for_all(self, db: None) -> None:
        assert rows("SELECT value FROM postfixadmin.config WHERE name = 'version'") == [("1856",)]
        assert rows("SELECT active, backupmx FROM postfixadmin.domain WHERE domain = 'ALL'") == [(True, False)]

    def test_every_table_has_its_columns(self, db: None) -> None:
        found = dict(
            rows(
                "SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position)"
                " FROM information_schema.columns WHERE table_schema = 'postfixadmin' GROUP BY 1"
            )
        )
        assert {table: found.get(table, "").split() for table in COLUMNS} == {
            table: columns.split() for table, columns in COLUMNS.items()
        }

    def test_administrators_and_their_domains_without_their_passwords(self, db: None) -> None:
        domain = factories.a_domain("orchard.example")
        marlene = factories.a_domain_admin(domain)
        owner = factories.an_owner()
        factories.a_user("nobody@home.example")
        assert set(rows("SELECT username, superadmin, password FROM postfixadmin.admin")) == {
            (marlene.email, False, "{CRYPT}*"),
            (owner.email, True, "{CRYPT}*"),
        }
        assert set(rows("SELECT username, domain FROM postfixadmin.domain_admins WHERE active")) == {
            (marlene.email, "orchard.example"),
            (owner.email, "ALL"),
        }

    def test_a_disabled_login_receives_and_has_a_password_that_matches_nothing(self, db: None) -> None:
        factories.a_mailbox("dale@orchard.example", user=factories.a_user("dale@orchard.example", is_active=False))
        assert rows("SELECT active, password FROM postfixadmin.mailbox") == [(True, "{CRYPT}*")]


class TestQuota:
    WRITES = {
        "a plain INSERT, as with PostfixAdmin's trigger": (
            "INSERT INTO quota2 (username, bytes, messages) VALUES ('{user}', {bytes}, {messages})"
        ),
        "INSERT ON CONFLICT, as quota_clone writes": (
            "INSERT INTO quota2 (bytes,messages,username) VALUES ({bytes},{messages},'{user}')"
            " ON CONFLICT (username) DO UPDATE SET bytes={bytes},messages={messages}"
        ),
        "UPDATE": "UPDATE quota2 SET bytes = {bytes}, messages = {messages} WHERE username = '{user}'",
    }

    @pytest.mark.parametrize("write", WRITES)
    def test_every_kind_of_write_ends_in_one_row(self, db: None, write: str) -> None:
        dale = factories.a_mailbox("dale@orchard.example")
        factories.usage_of(dale, bytes=1, messages=1)
        with acting_as("mta_writer") as cursor:
            cursor.execute(self.WRITES[write].format(user=dale.address, bytes=500, messages=2))
        assert rows("SELECT bytes, messages FROM mail_mailboxusage") == [(500, 2)]

    def test_a_first_write_makes_the_row_and_one_column_alone_leaves_the_other(self, db: None) -> None:
        with acting_as("mta_writer") as cursor:
            cursor.execute("INSERT INTO quota2 (username, bytes) VALUES ('dale@orchard.example', 500)")
            cursor.execute("INSERT INTO quota2 (username, messages) VALUES ('dale@orchard.example', 3)")
        assert rows("SELECT bytes, messages FROM mail_mailboxusage") == [(500, 3)]


class TestRoles:
    """By changing the DSN alone: the roles find the tables without a schema's name, and nothing else."""

    def test_the_reader_reads_the_views_and_no_table(self, db: None) -> None:
        factories.a_mailbox("dale@orchard.example")
        with acting_as("mta_reader") as cursor:
            cursor.execute("SELECT username FROM mailbox")
            assert cursor.fetchall() == [("dale@orchard.example",)]
            for forbidden in (
                "SELECT * FROM public.accounts_user",
                "DELETE FROM quota2",
                "SELECT * FROM public.mail_alias",
            ):
                assert refused(forbidden), forbidden

    def test_the_writer_writes_usage_and_sign_ins_and_reads_nothing_else(self, db: None) -> None:
        with acting_as("mta_writer") as cursor:
            cursor.execute(
                "INSERT INTO last_logins (at,username,service) VALUES (5,'dale@orchard.example','imap')"
                " ON CONFLICT (username,service) DO UPDATE SET at=5"
            )
            for forbidden in (
                "SELECT * FROM mta.passdb",
                "SELECT * FROM mailbox",
                "DELETE FROM mta.usage",
                "SELECT mta.destinations('x@y.z')",
                "UPDATE public.mail_mailbox SET quota_bytes = 0",
            ):
                assert refused(forbidden), forbidden


def ask(query: str, key: str) -> tuple[list[tuple], list[tuple]]:
    """A published query with Postfix's marks filled in, asked of our views and of the stock tables."""
    local_part, _, domain = key.rpartition("@")
    sql = query.replace("%s", key).replace("%u", local_part).replace("%d", domain).replace("%%", "%")
    answers = []
    for schema in ("mta, postfixadmin", "stock"):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL search_path = {schema}")
            cursor.execute(sql, None)
            answers.append(sorted(cursor.fetchall()))
            cursor.execute("SET LOCAL search_path = public")
    return answers[0], answers[1]


def rows(sql: str) -> list[tuple]:
    """All rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, None)
        return cursor.fetchall()


class acting_as:  # noqa: N801
    """Work under one of the two roles, with the search path that the migration gave it."""

    def __init__(self, role: str) -> None:
        self.role = role

    def __enter__(self) -> psycopg.Cursor:
        self.cursor = connection.cursor().__enter__()
        self.cursor.execute(
            "SELECT setconfig[1] FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
            " JOIN pg_database d ON d.oid = s.setdatabase WHERE r.rolname = %s AND d.datname = current_database()",
            [self.role],
        )
        path = self.cursor.fetchone()[0].partition("=")[2]
        self.cursor.execute(f"SET LOCAL search_path = {path}")
        self.cursor.execute(f"SET LOCAL ROLE {self.role}")
        return self.cursor

    def __exit__(self, *_error: object) -> None:
        self.cursor.execute("RESET ROLE")
        self.cursor.execute("SET LOCAL search_path = public")
        self.cursor.close()


def refused(sql: str) -> bool:
    """Whether the role may not do this."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, None)
    except ProgrammingError as error:
        return isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)
    return False


def _fill_stock() -> None:
    with connection.cursor() as cursor:
        for domain in Domain.objects.filter(deleted_at=None).select_related("customer"):
            relay = domain.kind == Domain.Kind.RELAY
            cursor.execute(
                "INSERT INTO stock.domain (domain, transport, backupmx, active) VALUES (%s, %s, %s, %s)",
                [domain.name, "relay" if relay else "virtual", relay, _served(domain)],
            )
        cursor.execute("INSERT INTO stock.domain (domain, active) VALUES ('ALL', true)")
        for table, values in _stock_addresses():
            names = ", ".join(values)
            marks = ", ".join(["%s"] * len(values))
            cursor.execute(f"INSERT INTO stock.{table} ({names}) VALUES ({marks})", list(values.values()))


def _stock_addresses() -> Iterator[tuple[str, dict[str, object]]]:
    for box in Mailbox.objects.live().select_related("domain__customer", "user"):
        active = box.status == Mailbox.Status.ACTIVE and _served(box.domain)
        common = {"domain": box.domain.name, "active": active}
        yield (
            "mailbox",
            {
                "username": box.address,
                "local_part": box.local_part,
                "password": box.user.password,
                "maildir": f"{box.domain.name}/{box.local_part}/",
                "quota": box.quota_bytes,
                "smtp_active": box.smtp,
                **common,
            },
        )
        targets = [forward.target for forward in box.forwards.all()]
        own = [box.address] if box.keep_copy or not targets else []
        yield "alias", {"address": box.address, "goto": ",".join(own + targets), **common}
    for domain in Domain.objects.filter(deleted_at=None):
        for alias in domain.aliases.all():
            yield (
                "alias",
                {
                    "address": alias.address,
                    "goto": ",".join(t.target for t in alias.targets.all()),
                    "domain": domain.name,
                    "active": alias.is_active and not alias.has_expired and _served(domain),
                },
            )
        for twin in domain.alias_domains.all():
            yield (
                "alias_domain",
                {"alias_domain": twin.domain.name, "target_domain": domain.name, "active": twin.is_active},
            )


def _served(domain: Domain) -> bool:
    return domain.status == Domain.Status.ACTIVE and domain.customer.status == "active"


COLUMNS = {
    "config": "id name value",
    "admin": "username password superadmin created modified active phone email_other token token_validity totp_secret",
    "domain": (
        "domain description aliases mailboxes maxquota quota transport backupmx created modified active password_expiry"
    ),
    "domain_admins": "username domain created active id",
    "mailbox": (
        "username password name maildir quota local_part domain created modified active phone email_other token"
        " token_validity password_expiry totp_secret smtp_active"
    ),
    "alias": "address goto domain description created modified active",
    "alias_domain": "alias_domain target_domain description created modified active",
    "fetchmail": (
        "id domain mailbox src_server src_port src_auth src_user src_password src_folder poll_time fetchall keep"
        " protocol usessl sslcertck sslcertpath sslfingerprint extra_options returned_text mda date created"
        " modified active"
    ),
    "log": "id timestamp username domain action data",
    "vacation": "email subject body activefrom activeuntil domain interval_time created modified active",
    "vacation_notification": "on_vacation notified notified_at",
    "quota": "username path current",
    "quota2": "username bytes messages",
    "dkim": "id domain_name description selector private_key public_key created modified",
    "dkim_signing": "id author dkim_id created modified",
    "totp_exception_address": "id ip username description created modified",
    "mailbox_app_password": "id username description password_hash",
    "admin_preferences": "username pref_key pref_value",
}
