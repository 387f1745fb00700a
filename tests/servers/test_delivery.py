"""Mail from outside: what is taken and where it goes, what is refused and how."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Customer, Domain
from mail.models import LastLogin, Mailbox, MailboxUsage
from mail.services.mailboxes import create_mailbox
from tests import factories
from tests.servers.client import arrives, refusal, send, subjects
from tests.servers.stack import POSTMASTER, MailStack, eventually


class TestTaking:
    def test_a_mailbox_just_created_in_the_portal_takes_mail(self, mail_stack: MailStack) -> None:
        factories.a_mail_server()
        owner = factories.an_owner()
        domain = factories.a_domain("orchard.example")
        create_mailbox(owner, domain=domain, local_part="dale", password=factories.PASSWORD)
        send(mail_stack, "dale@orchard.example", "pears")
        assert arrives(mail_stack, "dale@orchard.example", "pears")

    def test_a_plus_address_reaches_the_part_before_it_and_keeps_what_follows(self, mail_stack: MailStack) -> None:
        factories.a_mailbox("dale@orchard.example")
        send(mail_stack, "dale+shop@orchard.example", "receipt")
        send(mail_stack, "DALE@Orchard.Example", "in capitals")
        assert arrives(mail_stack, "dale@orchard.example", "receipt")
        assert arrives(mail_stack, "dale@orchard.example", "in capitals")
        assert "<dale+shop@orchard.example>" in mail_stack.log()

    def test_a_domain_with_accents_is_reached_by_its_a_label(self, mail_stack: MailStack) -> None:
        factories.a_mailbox("josé".replace("é", "e") + "@xn--caf-dma.example")
        send(mail_stack, "jose@xn--caf-dma.example", "accents")
        assert arrives(mail_stack, "jose@xn--caf-dma.example", "accents")

    @pytest.mark.parametrize("name", ["sales/west", "o'neil", "a#b$c&d*e=f?g^h`i{j|k}l~m", "x_y-z.q"])
    def test_every_character_that_an_address_may_have(self, mail_stack: MailStack, name: str) -> None:
        address = f"{name}@orchard.example"
        factories.a_mailbox(address)
        send(mail_stack, address, "odd")
        assert arrives(mail_stack, address, "odd")
        assert eventually("usage", lambda: MailboxUsage.objects.filter(pk=address, messages=1).exists())
        assert LastLogin.objects.filter(mailbox_id=address, service="imap").exists()
        assert [home.name for home in (mail_stack.root / "mail" / "orchard.example").iterdir()] == [
            name.replace("/", "=2F")
        ]

    def test_a_relay_domain_goes_on_to_its_own_server(self, mail_stack: MailStack) -> None:
        factories.a_domain("backup.example", kind=Domain.Kind.RELAY)
        send(mail_stack, "anyone@backup.example", "relayed")
        assert mail_stack.outside.receives("anyone@backup.example", subject="relayed")


class TestRefusing:
    def test_an_address_that_nobody_has(self, mail_stack: MailStack) -> None:
        factories.a_mailbox("dale@orchard.example")
        code, words = refusal(mail_stack, "nobody@orchard.example")
        assert (code, words.split()[0]) == (550, "5.1.1")

    def test_a_domain_that_is_not_ours(self, mail_stack: MailStack) -> None:
        code, words = refusal(mail_stack, "anyone@elsewhere.test")
        assert (code, words.split()[0]) == (554, "5.7.1")

    def test_a_suspended_mailbox_even_where_a_catch_all_would_take_its_mail(self, mail_stack: MailStack) -> None:
        mailbox = factories.a_mailbox("dale@orchard.example", status=Mailbox.Status.SUSPENDED)
        factories.a_catch_all(mailbox.domain)
        assert refusal(mail_stack, "dale@orchard.example")[0] == 550

    @pytest.mark.parametrize("what", ["domain", "customer", "deleted mailbox"])
    def test_whatever_is_suspended_or_deleted_above_it(self, mail_stack: MailStack, what: str) -> None:
        mailbox = factories.a_mailbox("dale@orchard.example")
        if what == "domain":
            Domain.objects.update(status=Domain.Status.SUSPENDED)
        elif what == "customer":
            Customer.objects.update(status=Customer.Status.SUSPENDED)
        else:
            Mailbox.objects.filter(pk=mailbox.pk).update(deleted_at=timezone.now())
        assert refusal(mail_stack, "dale@orchard.example")[0] == 550

    def test_a_full_mailbox_before_the_message_is_sent(self, mail_stack: MailStack) -> None:
        factories.a_mailbox("dale@orchard.example", quota_bytes=20_000)
        send(mail_stack, "dale@orchard.example", "fits", size=10_000)
        assert arrives(mail_stack, "dale@orchard.example", "fits")
        assert refusal_by_size(mail_stack, "dale@orchard.example", 15_000) == (552, "5.2.2")
        Mailbox.objects.update(quota_bytes=0)
        send(mail_stack, "dale@orchard.example", "no limit now", size=15_000)
        assert arrives(mail_stack, "dale@orchard.example", "no limit now")


class TestLeadingElsewhere:
    def test_a_forward_with_a_copy(self, mail_stack: MailStack) -> None:
        mailbox = factories.a_mailbox("dale@orchard.example", keep_copy=True)
        factories.a_forward(mailbox, "dale@home.elsewhere.test")
        send(mail_stack, "dale@orchard.example", "both")
        assert mail_stack.outside.receives("dale@home.elsewhere.test", subject="both")
        assert arrives(mail_stack, "dale@orchard.example", "both")

    def test_a_forward_without_a_copy(self, mail_stack: MailStack) -> None:
        mailbox = factories.a_mailbox("dale@orchard.example", keep_copy=False)
        factories.a_forward(mailbox, "dale@home.elsewhere.test")
        send(mail_stack, "dale+tag@orchard.example", "away")
        assert mail_stack.outside.receives("dale@home.elsewhere.test", subject="away")
        assert subjects(mail_stack, "dale@orchard.example") == []

    def test_an_alias_to_two_mailboxes_one_of_them_by_another_alias(self, mail_stack: MailStack) -> None:
        for name in ("dale", "lupe"):
            factories.a_mailbox(f"{name}@orchard.example")
        factories.an_alias("boss@orchard.example", targets=["lupe@orchard.example"])
        factories.an_alias("office@orchard.example", targets=["dale@orchard.example", "boss@orchard.example"])
        send(mail_stack, "office@orchard.example", "for two")
        assert arrives(mail_stack, "dale@orchard.example", "for two")
        assert arrives(mail_stack, "lupe@orchard.example", "for two")

    def test_an_alias_to_outside(self, mail_stack: MailStack) -> None:
        factories.an_alias("office@orchard.example", targets=["agency@elsewhere.test"])
        send(mail_stack, "office@orchard.example", "outside")
        assert mail_stack.outside.receives("agency@elsewhere.test", subject="outside")

    def test_an_alias_until_yesterday_is_refused(self, mail_stack: MailStack) -> None:
        yesterday = timezone.now() - timedelta(days=1)
        factories.an_alias("fair@orchard.example", expires_at=yesterday)
        assert refusal(mail_stack, "fair@orchard.example")[0] == 550

    def test_a_catch_all_takes_what_nobody_has_and_nothing_else(self, mail_stack: MailStack) -> None:
        dale = factories.a_mailbox("dale@orchard.example")
        factories.a_mailbox("lupe@orchard.example")
        factories.a_catch_all(dale.domain, targets=["lupe@orchard.example"])
        send(mail_stack, "whoever@orchard.example", "anything")
        send(mail_stack, "dale@orchard.example", "to dale")
        assert arrives(mail_stack, "lupe@orchard.example", "anything")
        assert arrives(mail_stack, "dale@orchard.example", "to dale")
        assert subjects(mail_stack, "lupe@orchard.example") == ["anything"]

    def test_an_alias_domain_has_the_addresses_of_its_target(self, mail_stack: MailStack) -> None:
        dale = factories.a_mailbox("dale@orchard.example")
        factories.an_alias("office@orchard.example", targets=["dale@orchard.example"])
        factories.an_alias_domain(factories.a_domain("orchard.test"), dale.domain)
        send(mail_stack, "dale@orchard.test", "to the mailbox")
        send(mail_stack, "office@orchard.test", "to the alias")
        assert arrives(mail_stack, "dale@orchard.example", "to the mailbox")
        assert arrives(mail_stack, "dale@orchard.example", "to the alias")
        assert refusal(mail_stack, "nobody@orchard.test")[0] == 550

    @pytest.mark.parametrize("name", ["postmaster", "abuse"])
    def test_reserved_names_always_reach_somebody(self, mail_stack: MailStack, name: str) -> None:
        factories.a_domain("orchard.example")
        send(mail_stack, f"{name}@orchard.example", "is anybody there")
        assert mail_stack.outside.receives(POSTMASTER, subject="is anybody there")
        factories.a_mailbox("dale@orchard.example")
        factories.an_alias(f"{name}@orchard.example", targets=["dale@orchard.example"])
        send(mail_stack, f"{name}@orchard.example", "now there is")
        assert arrives(mail_stack, "dale@orchard.example", "now there is")


def refusal_by_size(stack: MailStack, to: str, size: int) -> tuple[int, str]:
    """As `refusal`, for a letter that says beforehand how large it is."""
    code, words = refusal(stack, to, size=size)
    return code, words.split()[0]
