"""Sending as a customer does: signed in, encrypted, under an address of one's own."""

import smtplib

import pytest

from mail.models import Mailbox
from tests import factories
from tests.servers.client import a_source, arrives, submit
from tests.servers.stack import HOST, MailStack

DALE = "dale@orchard.example"
FRIEND = "friend@elsewhere.test"


def refused(stack: MailStack, sender: str) -> int:
    """The code with which sending under this address is refused; 0 when it is not."""
    try:
        submit(stack, DALE, FRIEND, "not mine", sender=sender)
    except smtplib.SMTPRecipientsRefused as error:
        return error.recipients[FRIEND][0]
    except smtplib.SMTPSenderRefused as error:
        return error.smtp_code
    return 0


def test_mail_goes_out_and_to_neighbors(mail_stack: MailStack) -> None:
    factories.a_mailbox(DALE)
    factories.a_mailbox("lupe@orchard.example")
    submit(mail_stack, DALE, FRIEND, "out")
    submit(mail_stack, DALE, "lupe@orchard.example", "in")
    assert "From: dale@orchard.example" in mail_stack.outside.receives(FRIEND, subject="out")
    assert arrives(mail_stack, "lupe@orchard.example", "in")


def test_the_sender_may_be_the_mailbox_and_what_leads_to_it_directly(mail_stack: MailStack) -> None:
    dale = factories.a_mailbox(DALE)
    factories.an_alias("office@orchard.example", targets=[DALE, FRIEND])
    factories.an_alias_domain(factories.a_domain("orchard.test"), dale.domain)
    for own in (
        DALE,
        "dale+shop@orchard.example",
        "office@orchard.example",
        "dale@orchard.test",
        "office@orchard.test",
    ):
        submit(mail_stack, DALE, FRIEND, own, sender=own)
        assert mail_stack.outside.receives(FRIEND, subject=own)


def test_another_address_is_refused(mail_stack: MailStack) -> None:
    dale = factories.a_mailbox(DALE)
    factories.a_mailbox("lupe@orchard.example")
    factories.an_alias("hers@orchard.example", targets=["lupe@orchard.example"])
    factories.an_alias("off@orchard.example", targets=[DALE], is_active=False)
    factories.a_catch_all(dale.domain, targets=[DALE])
    foreign = ["lupe@orchard.example", "hers@orchard.example", "off@orchard.example", "any@orchard.example", FRIEND]
    assert {sender: refused(mail_stack, sender) for sender in foreign} == dict.fromkeys(foreign, 553)


def test_nobody_sends_when_sending_is_off_or_the_mailbox_is_suspended(mail_stack: MailStack) -> None:
    factories.a_mailbox(DALE, smtp=False)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(mail_stack, DALE, FRIEND, "off")
    Mailbox.objects.update(smtp=True, status=Mailbox.Status.SUSPENDED)
    with pytest.raises(smtplib.SMTPAuthenticationError):
        submit(mail_stack, DALE, FRIEND, "suspended")


def test_nobody_sends_without_signing_in_and_no_password_goes_unencrypted(mail_stack: MailStack) -> None:
    factories.a_mailbox(DALE)
    with smtplib.SMTP(HOST, mail_stack.ports.submission, source_address=(a_source(), 0), timeout=20) as server:
        server.ehlo("laptop.home.test")
        assert not server.has_extn("auth")
        assert server.mail(DALE)[0] == 530
    with smtplib.SMTP(HOST, mail_stack.ports.smtp, source_address=(a_source(), 0), timeout=20) as server:
        server.ehlo("laptop.home.test")
        assert not server.has_extn("auth")
