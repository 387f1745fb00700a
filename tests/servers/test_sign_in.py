"""Signing in to the mail servers with the portal's login: IMAP, POP3, submission, ManageSieve."""

import pytest

from accounts.models import Customer, Domain, User
from accounts.services.passwords import set_password
from mail.models import LastLogin, Mailbox, MailboxUsage
from tests import factories
from tests.accounts.test_hashers import BY_CRYPT, BY_DOVECOT
from tests.factories import PASSWORD
from tests.servers.client import ManageSieve, SieveRefused, arrives, imap, pop3, send, signs_in, subjects
from tests.servers.stack import MailStack, eventually

PROTOCOLS = ["imap", "pop3", "smtp", "sieve"]
DALE = "dale@orchard.example"
SECOND = "a second horse battery"


class TestWho:
    def test_the_owner_by_every_protocol_and_nobody_with_a_wrong_password(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        assert {p: signs_in(mail_stack, DALE, by=p) for p in PROTOCOLS} == dict.fromkeys(PROTOCOLS, True)
        assert {p: signs_in(mail_stack, DALE, "wrong", by=p) for p in PROTOCOLS} == dict.fromkeys(PROTOCOLS, False)
        assert not signs_in(mail_stack, "nobody@orchard.example")

    @pytest.mark.parametrize("closed", PROTOCOLS)
    def test_a_protocol_that_is_switched_off_is_refused_and_the_others_are_not(
        self, mail_stack: MailStack, closed: str
    ) -> None:
        factories.a_mailbox(DALE, **{closed: False})
        assert {p: signs_in(mail_stack, DALE, by=p) for p in PROTOCOLS} == {p: p != closed for p in PROTOCOLS}

    def test_nobody_while_mailbox_domain_or_customer_is_suspended(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        for model in (Mailbox, Domain, Customer):
            model.objects.update(status="suspended")
            assert not signs_in(mail_stack, DALE), model
            model.objects.update(status="active")
            assert signs_in(mail_stack, DALE), model

    def test_not_with_a_disabled_login_which_still_receives(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        User.objects.update(is_active=False)
        assert not signs_in(mail_stack, DALE)
        send(mail_stack, DALE, "meanwhile")
        User.objects.update(is_active=True)
        assert arrives(mail_stack, DALE, "meanwhile")

    def test_only_with_the_new_password_from_the_moment_it_is_changed(self, mail_stack: MailStack) -> None:
        mailbox = factories.a_mailbox(DALE)
        assert signs_in(mail_stack, DALE)
        set_password(factories.an_owner(), user=mailbox.user, new_password=SECOND)
        assert signs_in(mail_stack, DALE, SECOND)
        assert not signs_in(mail_stack, DALE, PASSWORD)

    @pytest.mark.parametrize("scheme", ["ARGON2ID", "BLF-CRYPT", "SHA512-CRYPT"])
    def test_with_every_scheme_that_the_portal_writes(self, mail_stack: MailStack, settings, scheme: str) -> None:
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = scheme, {}
        mailbox = factories.a_mailbox(DALE)
        set_password(factories.an_owner(), user=mailbox.user, new_password=SECOND)
        assert User.objects.get(pk=mailbox.user_id).password.startswith(f"{{{scheme}}}")
        assert signs_in(mail_stack, DALE, SECOND)

    def test_with_old_schemes_that_were_brought_along(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        # Courier's {md5raw} is no scheme of Dovecot's: such an owner signs in to the portal once, and is re-hashed.
        refused = []
        for password, stored in [("Tëst-secret 1", s) for s in BY_DOVECOT] + [("secret", s) for s in BY_CRYPT]:
            User.objects.update(password=stored)
            if not signs_in(mail_stack, DALE, password, by="pop3"):
                refused.append(stored)
        assert refused == ["{md5raw}4bd693a6a02ddd020897ad5596fd34f8"]


class TestWhatComesBack:
    def test_usage_after_a_delivery_and_the_last_sign_in_by_each_protocol(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        send(mail_stack, DALE, "counted", size=5_000)
        usage = eventually("usage", lambda: MailboxUsage.objects.filter(pk=DALE, messages=1).first())
        assert 5_000 < usage.bytes < 10_000
        imap(mail_stack, DALE).logout()
        pop3(mail_stack, DALE).quit()
        services = lambda: set(LastLogin.objects.filter(mailbox_id=DALE).values_list("service", flat=True))  # noqa: E731
        assert eventually("two sign-ins", lambda: services() == {"imap", "pop3"})

    def test_usage_falls_when_mail_is_deleted(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        send(mail_stack, DALE, "short-lived")
        assert eventually("usage", lambda: MailboxUsage.objects.filter(pk=DALE, messages=1).exists())
        session = imap(mail_stack, DALE)
        session.select("INBOX")
        session.store("1", "+FLAGS", r"\Deleted")
        session.expunge()
        session.logout()
        assert eventually("no usage", lambda: MailboxUsage.objects.filter(pk=DALE, messages=0, bytes=0).exists())

    def test_the_quota_that_imap_shows_is_the_portals(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE, quota_bytes=50 * 1024**2)
        session = imap(mail_stack, DALE)
        assert b"(STORAGE 0 51200)" in session.getquotaroot("INBOX")[1][1][0]
        session.logout()


class TestFilters:
    def test_a_filter_stored_by_managesieve_sorts_the_mail(self, mail_stack: MailStack) -> None:
        factories.a_mailbox(DALE)
        sieve = ManageSieve(mail_stack, DALE)
        sieve.store("shop", 'require "fileinto";\nif header :is "subject" "bill" { fileinto "Junk"; }\n')
        with pytest.raises(SieveRefused):
            sieve.store("broken", "if nonsense")
        sieve.close()
        send(mail_stack, DALE, "bill")
        assert arrives(mail_stack, DALE, "bill", folder="Junk")
        assert subjects(mail_stack, DALE) == []
