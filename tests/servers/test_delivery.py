"""Mail from outside: what is taken and where it goes, what is refused and how."""

from tests import factories
from tests.servers.client import arrives, refusal, send
from tests.servers.stack import MailStack


class TestTaking:
    def test_a_letter_to_a_mailbox_lies_in_its_inbox(self, mail_stack: MailStack) -> None:
        factories.a_mailbox("dale@orchard.example")
        send(mail_stack, "dale@orchard.example", "pears")
        assert arrives(mail_stack, "dale@orchard.example", "pears")


class TestRefusing:
    def test_nobody_has_the_address(self, mail_stack: MailStack) -> None:
        factories.a_mailbox("dale@orchard.example")
        assert refusal(mail_stack, "nobody@orchard.example")[0] == 550
