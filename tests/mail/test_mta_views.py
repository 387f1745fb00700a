"""What the mail servers read: the rules for one address, and that no question needs more than index probes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Domain
from mail.models import Mailbox, MailServer
from tests import factories

DALE = "dale@orchard.example"


def answer(sql: str, *values: object) -> object:
    """The one value that a question gives; None for no row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        row = cursor.fetchone()
    return row[0] if row else None


def destinations(address: str) -> list[str]:
    """Where mail to an address goes."""
    found = answer("SELECT mta.destinations(%s)", address)
    return sorted(str(found).split(",")) if found else []


def logins(address: str) -> list[str]:
    """Who may send as an address."""
    found = answer("SELECT mta.logins(%s)", address)
    return sorted(str(found).split(",")) if found else []


@pytest.fixture
def postmaster(db: None) -> str:
    """Whom mailconfig has named."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM mta.reserved")
        cursor.execute("INSERT INTO mta.reserved VALUES ('postmaster', 'help@isp.test'), ('abuse', 'help@isp.test')")
    return "help@isp.test"


@pytest.mark.django_db
class TestDestinations:
    def test_a_mailbox_leads_to_itself_plus_addresses_included(self) -> None:
        factories.a_mailbox(DALE)
        assert destinations(DALE) == [DALE]
        assert destinations("dale+shop@orchard.example") == ["dale+shop@orchard.example"]

    def test_a_plus_address_follows_forwards_without_its_tag(self) -> None:
        factories.a_forward(factories.a_mailbox(DALE), "dale@home.test")
        assert destinations("dale+shop@orchard.example") == ["dale+shop@orchard.example", "dale@home.test"]

    def test_forwards_without_a_copy_leave_nothing_here(self) -> None:
        box = factories.a_mailbox(DALE, keep_copy=False)
        assert destinations(DALE) == [DALE]
        factories.a_forward(box, "dale@home.test")
        assert destinations(DALE) == ["dale@home.test"]

    def test_an_alias_without_targets_leads_nowhere(self) -> None:
        factories.an_alias("office@orchard.example", targets=[])
        assert destinations("office@orchard.example") == []

    def test_an_alias_expires_by_itself(self) -> None:
        soon = timezone.now() + timedelta(hours=1)
        alias = factories.an_alias("fair@orchard.example", targets=["x@home.test"], expires_at=soon)
        assert destinations("fair@orchard.example") == ["x@home.test"]
        type(alias).objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert destinations("fair@orchard.example") == []

    def test_a_catch_all_answers_at_the_whole_address_only(self) -> None:
        domain = factories.a_domain("orchard.example")
        factories.a_catch_all(domain, targets=["all@home.test"])
        assert destinations("whoever+tag@orchard.example") == ["all@home.test"]
        assert destinations("@orchard.example") == []

    @pytest.mark.parametrize(
        "off", [{"status": Mailbox.Status.SUSPENDED}, {"status": Mailbox.Status.SUSPENDED, "keep_copy": False}]
    )
    def test_a_suspended_mailbox_is_refused_and_not_caught(self, off: dict) -> None:
        box = factories.a_mailbox(DALE, **off)
        factories.a_forward(box)
        factories.a_catch_all(box.domain)
        assert destinations(DALE) == destinations("dale+tag@orchard.example") == []

    def test_a_deleted_mailbox_is_as_if_it_were_not_there(self) -> None:
        box = factories.a_mailbox(DALE, deleted_at=timezone.now())
        factories.a_catch_all(box.domain, targets=["all@home.test"])
        assert destinations(DALE) == ["all@home.test"]

    def test_an_alias_domain_stands_for_what_its_target_has(self) -> None:
        orchard = factories.a_mailbox(DALE).domain
        factories.an_alias_domain(factories.a_domain("orchard.test"), orchard)
        assert destinations("dale@orchard.test") == [DALE]
        assert destinations("dale+shop@orchard.test") == ["dale+shop@orchard.example"]
        assert destinations("nobody@orchard.test") == []
        factories.a_catch_all(orchard, targets=["all@home.test"])
        assert destinations("nobody@orchard.test") == ["all@home.test"]

    def test_what_an_alias_domain_has_itself_wins_even_when_it_is_off(self) -> None:
        orchard = factories.a_mailbox(DALE).domain
        twin = factories.an_alias_domain(factories.a_domain("orchard.test"), orchard)
        factories.an_alias("dale@orchard.test", targets=["own@home.test"])
        factories.an_alias("lupe@orchard.test", is_active=False)
        factories.a_mailbox("lupe@orchard.example")
        assert destinations("dale@orchard.test") == ["own@home.test"]
        assert destinations("lupe@orchard.test") == []
        factories.a_catch_all(twin.domain, targets=["own-all@home.test"])
        factories.a_catch_all(orchard, targets=["all@home.test"])
        assert destinations("nobody@orchard.test") == ["own-all@home.test"]

    def test_reserved_names_reach_the_postmaster_where_nobody_else_takes_them(self, postmaster: str) -> None:
        domain = factories.a_domain("orchard.example")
        assert destinations("postmaster@orchard.example") == destinations("abuse@orchard.example") == [postmaster]
        assert destinations("postmaster@elsewhere.test") == destinations("dale@orchard.example") == []
        Domain.objects.update(status=Domain.Status.SUSPENDED)
        assert destinations("abuse@orchard.example") == [postmaster]
        Domain.objects.update(status=Domain.Status.ACTIVE)
        factories.a_mailbox("abuse@orchard.example", status=Mailbox.Status.SUSPENDED)
        assert destinations("abuse@orchard.example") == [postmaster]
        factories.a_catch_all(domain, targets=["all@home.test"])
        assert destinations("postmaster@orchard.example") == ["all@home.test"]

    @pytest.mark.parametrize("key", ["", "@", "dale", "orchard.example", "dale@", "+@orchard.example", "a@b@c", "'"])
    def test_nonsense_leads_nowhere(self, key: str) -> None:
        factories.a_mailbox(DALE)
        assert destinations(key) == logins(key) == []


@pytest.mark.django_db
class TestLogins:
    def test_the_mailbox_and_direct_aliases_here_and_under_the_other_name(self) -> None:
        orchard = factories.a_mailbox(DALE).domain
        factories.a_mailbox("lupe@orchard.example")
        factories.an_alias("office@orchard.example", targets=[DALE, "lupe@orchard.example", "x@home.test"])
        factories.an_alias_domain(factories.a_domain("orchard.test"), orchard)
        assert logins(DALE) == logins("dale+tag@orchard.example") == logins("dale@orchard.test") == [DALE]
        assert logins("office@orchard.example") == logins("office@orchard.test") == [DALE, "lupe@orchard.example"]

    def test_no_catch_all_and_nobody_whose_sending_is_off(self) -> None:
        box = factories.a_mailbox(DALE)
        factories.a_catch_all(box.domain, targets=[DALE])
        assert logins("any@orchard.example") == logins("@orchard.example") == []
        Mailbox.objects.update(smtp=False)
        assert logins(DALE) == []


@pytest.mark.django_db
class TestOldServer:
    def test_sign_ins_and_deliveries_are_passed_on_to_it_each_to_its_port(self) -> None:
        old = factories.a_mail_server(kind=MailServer.Kind.OLD, host="192.0.2.7", imap_port=1143, lmtp_port=1024)
        factories.a_mailbox(DALE, server=old)
        with connection.cursor() as cursor:
            cursor.execute('SELECT protocol, proxy, host, port FROM mta.passdb WHERE "user" = %s', [DALE])
            found = {protocol: rest for protocol, *rest in cursor.fetchall()}
        assert found["imap"] == ["y", "192.0.2.7", 1143]
        assert found["lmtp"] == ["y", "192.0.2.7", 1024]
        assert found["smtp"] == [None, None, None]
        assert answer("SELECT transport FROM mta.transports WHERE address = %s", DALE) == "lmtp:inet:192.0.2.7:1024"


LOOKUPS = {
    "mta.domains": "SELECT domain FROM mta.domains WHERE domain = '{domain}'",
    "mta.relay_domains": "SELECT domain FROM mta.relay_domains WHERE domain = '{domain}'",
    "mta.alias_domains": "SELECT target FROM mta.alias_domains WHERE domain = '{domain}'",
    "mta.addresses": "SELECT 1 FROM mta.addresses WHERE address = '{address}'",
    "mta.aliases": "SELECT destination FROM mta.aliases WHERE address = '{address}'",
    "mta.mailboxes": "SELECT maildir FROM mta.mailboxes WHERE address = '{address}'",
    "mta.senders": "SELECT login FROM mta.senders WHERE address = '{address}'",
    "mta.transports": "SELECT transport FROM mta.transports WHERE address = '{address}'",
    "mta.passdb": "SELECT * FROM mta.passdb WHERE \"user\" = '{address}' AND protocol = 'imap'",
    "mta.userdb": "SELECT home, quota_bytes FROM mta.userdb WHERE \"user\" = '{address}' AND served",
    "mta.usage": "SELECT bytes FROM mta.usage WHERE username = '{address}'",
    "mta.last_logins": "SELECT at FROM mta.last_logins WHERE username = '{address}' AND service = 'imap'",
    "postfixadmin.alias": "SELECT goto FROM postfixadmin.alias WHERE address = '{address}' AND active = true",
    "postfixadmin.mailbox": "SELECT maildir FROM postfixadmin.mailbox WHERE username = '{address}' AND active = '1'",
    "postfixadmin.domain": "SELECT domain FROM postfixadmin.domain WHERE domain = '{domain}' AND active = true",
    "postfixadmin.alias through alias_domain": (
        "SELECT goto FROM postfixadmin.alias a, postfixadmin.alias_domain d WHERE d.alias_domain = '{domain}'"
        " AND a.address = CONCAT('name7', '@', d.target_domain) AND a.active AND d.active"
    ),
}

# Many rows at once, past triggers and foreign keys; the planner must not see small tables.
FILL = """
SET LOCAL session_replication_role = replica;
INSERT INTO accounts_customer (id, version, number, kind, name, email, status, street, city, region, postal_code,
                               country, notes, created_at)
SELECT i, 1, 'C' || i, 'person', 'Customer', '', 'active', '', '', '', '', 'US', '', now()
FROM generate_series(1000001, 1003000) i;
INSERT INTO accounts_domain (id, version, name, customer_id, kind, status, quota_default_bytes, catch_all_allowed,
                             external_forwards_allowed, created_at)
SELECT i, 1, 'd' || i || '.example', i, 'hosted', 'active', 0, true, true, now()
FROM generate_series(1000001, 1003000) i;
INSERT INTO accounts_user (id, version, email, name, password, recovery_email, time_zone, is_active, is_staff,
                           is_superuser, date_joined)
SELECT i, 1, 'name' || i || '@d.example', '', '', '', '', true, false, false, now()
FROM generate_series(1000001, 1020000) i;
INSERT INTO mail_mailbox (id, version, domain_id, local_part, address, user_id, server_id, name, quota_bytes, status,
                          imap, pop3, smtp, sieve, keep_copy, created_at)
SELECT i, 1, 1000001 + i % 3000, 'name' || i, 'name' || i || '@d' || 1000001 + i % 3000 || '.example', i, {server},
       '', 0, 'active', true, true, true, true, true, now()
FROM generate_series(1000001, 1020000) i;
INSERT INTO mail_forward (mailbox_id, target) SELECT i, 'x@home.test' FROM generate_series(1000001, 1020000) i;
INSERT INTO mail_alias (id, version, domain_id, local_part, address, is_active, note, created_at)
SELECT i, 1, 1000001 + i % 3000, 'a' || i, 'a' || i || '@d' || 1000001 + i % 3000 || '.example', true, '', now()
FROM generate_series(1000001, 1020000) i;
INSERT INTO mail_aliastarget (alias_id, target) SELECT i, 'x@home.test' FROM generate_series(1000001, 1020000) i;
INSERT INTO mail_aliasdomain (version, domain_id, target_id, is_active, created_at)
SELECT 1, i, i - 1500, true, now() FROM generate_series(1001501, 1003000) i;
INSERT INTO mail_mailboxusage (username, bytes, messages) SELECT address, 1, 1 FROM mail_mailbox;
INSERT INTO mail_lastlogin (username, service, at) SELECT address, 'imap', 1 FROM mail_mailbox;
SET LOCAL session_replication_role = origin;
ANALYZE accounts_customer, accounts_domain, accounts_user, mail_mailbox, mail_forward, mail_alias, mail_aliastarget,
    mail_aliasdomain, mail_mailboxusage, mail_lastlogin;
"""


@pytest.mark.django_db
def test_every_lookup_takes_index_probes_only() -> None:
    """However many rows there are. The handful of mail servers alone may be read as a whole."""
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(server=factories.a_mail_server().pk), None)
        whole = {}
        for name, sql in LOOKUPS.items():
            cursor.execute(
                "EXPLAIN (COSTS OFF) " + sql.format(address="name1000007@d1000008.example", domain="d1002000.example"),
                None,
            )
            scans = [line.strip(" ->") for (line,) in cursor.fetchall() if "Seq Scan" in line or "Bitmap" in line]
            whole[name] = [scan for scan in scans if not scan.startswith("Seq Scan on mail_mailserver")]
    assert whole == {name: [] for name in LOOKUPS}
