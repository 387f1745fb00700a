"""`manage.py demo` fills an empty database with a believable provider, and only an empty one."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F
from django.test import Client
from django.utils import timezone

from accounts import history as log_history
from accounts.models import Contact, Customer, Domain, Level, User
from mail.demo import load
from mail.models import Alias, AliasTarget, Forward, LastLogin, Mailbox, MailboxUsage, MailServer
from tests import factories

pytestmark = pytest.mark.django_db

SMALL = {"domains": 120, "mailboxes": 420, "aliases": 300, "customers": 150}


def demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **{**SMALL, **options})
    return out.getvalue()


def test_it_has_exactly_the_size_asked_for() -> None:
    demo()
    counts = {
        "domains": Domain.objects.count(),
        "mailboxes": Mailbox.objects.count(),
        "aliases": Alias.objects.count(),
        "customers": Customer.objects.count(),
    }
    assert counts == SMALL


@pytest.mark.parametrize("domains", [2, 3, 31])
def test_the_smallest_one_works_too(domains: int) -> None:
    demo(domains=domains, mailboxes=2, aliases=0, customers=3)
    assert User.objects.filter(email__in=[email for email, _who in load.LOGINS]).count() == 4


def test_a_size_without_its_people_is_refused() -> None:
    with pytest.raises(CommandError, match="at least two domains"):
        demo(mailboxes=1)
    assert not Customer.objects.exists()


def test_the_logins_it_prints_work_and_have_their_levels(client: Client) -> None:
    printed = demo()
    levels = dict.fromkeys([load.HOTLINE], Level.STAFF) | {
        load.DOMAIN_ADMIN: Level.DOMAIN_ADMIN,
        load.END_USER: Level.USER,
        load.OWNER: Level.OWNER,
    }
    for email, level in levels.items():
        assert email in printed
        assert client.login(username=email, password=load.PASSWORD)
        assert User.objects.get(email=email).level == level
    assert load.PASSWORD in printed


def test_the_domain_administrator_runs_one_company_and_has_a_mailbox_there() -> None:
    demo()
    admin = User.objects.get(email=load.DOMAIN_ADMIN)
    domain = Domain.objects.visible_to(admin).get()
    assert domain.name == "grantspassfeed.example"
    assert domain.mailboxes.count() == 14
    assert admin.mailbox.domain == domain
    grant = admin.administered[domain.pk]
    assert all(getattr(grant, switch) for switch in grant.SWITCHES)


def test_a_second_run_is_refused_and_changes_nothing() -> None:
    demo()
    before = list(Customer.objects.values_list("number", "name"))
    with pytest.raises(CommandError, match="only into an empty one"):
        demo()
    assert list(Customer.objects.values_list("number", "name")) == before


@pytest.mark.parametrize("make", [factories.a_customer, factories.a_domain, factories.a_staff_user])
def test_it_is_refused_where_anything_real_is(make) -> None:
    make()
    with pytest.raises(CommandError, match="only into an empty one"):
        demo()
    assert not Mailbox.objects.exists()


def test_if_empty_is_quiet_where_there_is_data() -> None:
    factories.a_customer()
    assert demo(if_empty=True) == ""
    assert not Mailbox.objects.exists()


def test_if_empty_loads_into_an_empty_database() -> None:
    assert load.HOTLINE in demo(if_empty=True)
    assert Mailbox.objects.exists()


def test_the_logins_can_be_printed_without_loading() -> None:
    assert load.HOTLINE in demo(logins=True)
    assert not User.objects.exists()


def test_everything_odd_is_there_to_be_seen() -> None:
    demo()
    now = timezone.now()
    mailboxes = Mailbox.objects.all()
    never = mailboxes.exclude(address__in=LastLogin.objects.values("mailbox_id"))
    idle = LastLogin.objects.values("mailbox_id").alias(n=Count("*")).filter(at__lt=now.timestamp() - 90 * 86400)
    usage = MailboxUsage.objects.select_related("mailbox")
    aliases = Alias.objects.annotate(n=Count("targets"))
    kinds = {
        "over quota": usage.filter(bytes__gt=F("mailbox__quota_bytes")),
        "nearly full": usage.filter(bytes__gt=F("mailbox__quota_bytes") * 9 / 10, bytes__lt=F("mailbox__quota_bytes")),
        "suspended mailbox": mailboxes.filter(status="suspended"),
        "deleted mailbox": mailboxes.filter(deleted_at__isnull=False, domain__deleted_at=None),
        "deleted domain": Domain.objects.filter(deleted_at__isnull=False),
        "relayed domain": Domain.objects.filter(kind="relay"),
        "suspended domain": Domain.objects.filter(status="suspended"),
        "IDN": Domain.objects.filter(name__startswith="xn--", deleted_at=None),
        "alias domain": Domain.objects.filter(alias_of__isnull=False),
        "suspended customer": Customer.objects.filter(status="suspended"),
        "closed customer": Customer.objects.filter(status="closed"),
        "customer with a note": Customer.objects.exclude(notes=""),
        "never signed in": never,
        "idle": idle,
        "forward": Forward.objects.all(),
        "catch-all": aliases.filter(local_part="", domain__catch_all_allowed=True),
        "alias to two": aliases.filter(n=2),
        "alias to outside": AliasTarget.objects.filter(target__endswith="@bigmail.test"),
        "expired alias": aliases.filter(expires_at__lt=now),
        "deleted alias": aliases.filter(deleted_at__isnull=False),
        "dead target": AliasTarget.objects.filter(target="curtis.gone@grantspassfeed.example"),
        "loop": AliasTarget.objects.filter(target="night@grantspassfeed.example"),
    }
    assert [kind for kind, rows in kinds.items() if not rows.exists()] == []


def test_limits_hold_from_the_first_day() -> None:
    demo()
    for domain in Domain.objects.annotate(used=Count("mailboxes")).exclude(max_mailboxes=None):
        assert domain.used <= domain.max_mailboxes
    assert not Alias.objects.filter(local_part="", domain__catch_all_allowed=False).exists()
    outside = AliasTarget.objects.filter(target__endswith="@bigmail.test")
    assert not outside.filter(alias__domain__external_forwards_allowed=False).exists()


def test_nobody_real_is_named() -> None:
    demo()
    assert not Domain.objects.exclude(name__regex=r"\.(example|test)$").exists()
    assert not AliasTarget.objects.exclude(target__regex=r"\.(example|test)$").exists()
    assert not Contact.objects.exclude(phone="").exclude(phone__regex=r"^\+1(541|458|503|971)55501\d\d$").exists()


def test_the_history_begins_when_the_rows_do() -> None:
    demo()
    event = apps.get_model("mail", "MailboxEvent").objects
    assert event.filter(pgh_label="insert").count() == SMALL["mailboxes"]
    for old in event.filter(pgh_label="insert").select_related("pgh_obj")[:20]:
        assert old.pgh_created_at == old.pgh_obj.created_at
        assert User.objects.get(pk=old.pgh_context["user"]).is_staff
    suspended = Mailbox.objects.filter(status="suspended", deleted_at=None).first()
    change = event.get(pgh_obj=suspended, pgh_label="update")
    assert (change.status, suspended.status) == ("active", "suspended")


def test_what_is_created_afterwards_is_recorded_as_ever() -> None:
    demo()
    mailbox = factories.a_mailbox()
    assert apps.get_model("mail", "MailboxEvent").objects.get(pgh_obj=mailbox).address == mailbox.address


def test_a_mail_server_that_is_there_already_is_kept() -> None:
    server = factories.a_mail_server(name="ours")
    demo()
    assert MailServer.objects.get() == server
    assert not Mailbox.objects.exclude(server=server).exists()


def names_of(seed: int) -> list[str]:
    with transaction.atomic():
        demo(seed=seed)
        names = Customer.objects.values_list("name", flat=True).union(Mailbox.objects.values_list("address", flat=True))
        try:
            return sorted(names)
        finally:
            transaction.set_rollback(True)


def test_the_same_seed_makes_the_same_provider() -> None:
    assert names_of(seed=1) == names_of(seed=1) != names_of(seed=2)


def test_the_log_begins_with_what_people_did_and_not_with_the_loading() -> None:
    demo()
    latest = log_history.entries(User.objects.get(email=load.HOTLINE), log_history.Question(), before=None, size=50)[0]
    assert {entry.actor for entry in latest} <= set(User.objects.staff().values_list("email", flat=True))
    assert len({entry.at for entry in latest}) > 25
