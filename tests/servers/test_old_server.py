"""A mailbox that still lives on the old server: sign-ins and deliveries are passed on to it, until it moves."""

import socketserver
import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP

from mail.models import Mailbox, MailServer
from tests import factories
from tests.servers.client import arrives, imap, send, signs_in
from tests.servers.stack import HOST, MailStack, Outside, free_ports

DALE = "dale@orchard.example"


class OldImap(socketserver.StreamRequestHandler):
    """As much IMAP as a proxy needs: a greeting, LOGIN or AUTHENTICATE, and a capability that only we have."""

    logins: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN X-OLD] the old server\r\n")
        while line := self.rfile.readline():
            tag, command, *_rest = line.split()
            if command.upper() in {b"LOGIN", b"AUTHENTICATE"}:
                self.logins.append(line)
                self.wfile.write(tag + b" OK [CAPABILITY IMAP4rev1 X-OLD] welcome\r\n")
            elif command.upper() == b"CAPABILITY":
                self.wfile.write(b"* CAPABILITY IMAP4rev1 X-OLD\r\n" + tag + b" OK done\r\n")
            else:
                self.wfile.write(tag + b" OK done\r\n")


class LmtpController(Controller):
    def factory(self) -> LMTP:
        return LMTP(self.handler)


@pytest.fixture
def old_server(mail_stack: MailStack) -> Iterator[tuple[MailServer, Outside]]:
    """The old server's row, and what is delivered to it."""
    delivered, port = Outside(), free_ports(2)
    lmtp = LmtpController(delivered, hostname=HOST, port=port)
    lmtp.start()
    with socketserver.ThreadingTCPServer((HOST, port + 1), OldImap) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield (
            factories.a_mail_server(kind=MailServer.Kind.OLD, host=HOST, lmtp_port=port, imap_port=port + 1),
            delivered,
        )
        server.shutdown()
    lmtp.stop()


def test_it_gets_sign_ins_and_mail_until_the_mailbox_has_moved(
    mail_stack: MailStack, old_server: tuple[MailServer, Outside]
) -> None:
    row, delivered = old_server
    ours = factories.a_mail_server()
    factories.a_mailbox(DALE, server=row)
    session = imap(mail_stack, DALE)
    assert "X-OLD" in str(session.capability())
    session.shutdown()
    assert OldImap.logins  # he has signed in there, with the password that ours had checked
    assert not signs_in(mail_stack, DALE, "wrong")
    send(mail_stack, DALE, "still there")
    assert delivered.receives(DALE, subject="still there")
    Mailbox.objects.update(server=ours)
    send(mail_stack, DALE, "now here")
    assert arrives(mail_stack, DALE, "now here")
