"""What a mail program does: send, sign in, read. Each function speaks the real protocol to the real server.

A sign-in comes from an address of its own in 127/8, because Dovecot makes an address wait that has guessed wrong.
"""

from __future__ import annotations

import imaplib
import itertools
import poplib
import smtplib
import socket
import ssl
from email.message import EmailMessage

from tests.factories import PASSWORD
from tests.servers.stack import HOST, MailStack, eventually

STRANGER = "alice@somewhere.elsewhere.test"
_sources = itertools.count(2)


def a_source() -> str:
    """An address of this machine that nobody has connected from yet; not 127.0.0.1, which Postfix trusts."""
    n = next(_sources)
    return f"127.{n // 65025 % 255}.{n // 255 % 255}.{n % 255 + 1}" if n > 254 else f"127.0.1.{n}"


def unverified() -> ssl.SSLContext:
    """TLS with the servers' own certificate, which nobody has signed."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def a_message(to: str, subject: str, *, sender: str = STRANGER, size: int = 100) -> EmailMessage:
    """A letter of about `size` bytes."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message.set_content("Hello there.\n" * (1 + size // 13))
    return message


def send(stack: MailStack, to: str, subject: str, *, sender: str = STRANGER, size: int = 100) -> None:
    """Hand in a letter as another server would. Raises smtplib's error when it is refused."""
    with smtplib.SMTP(HOST, stack.ports.smtp, source_address=(a_source(), 0), timeout=20) as server:
        server.ehlo("mail.elsewhere.test")
        server.sendmail(sender, [to], a_message(to, subject, sender=sender, size=size).as_bytes())


def refusal(stack: MailStack, to: str, *, size: int = 100) -> tuple[int, str]:
    """The code and the words with which a letter to this address is refused at RCPT."""
    try:
        send(stack, to, "refused", size=size)
    except smtplib.SMTPRecipientsRefused as error:
        code, words = error.recipients[to]
        return code, words.decode()
    raise AssertionError(f"Mail to {to} was taken.")


def submit(
    stack: MailStack, login: str, to: str, subject: str, *, password: str = PASSWORD, sender: str | None = None
) -> None:
    """Send as a customer does: port 587, STARTTLS, signed in. Raises smtplib's error when it is refused."""
    with smtplib.SMTP(HOST, stack.ports.submission, source_address=(a_source(), 0), timeout=20) as server:
        server.ehlo("laptop.home.test")
        server.starttls(context=unverified())
        _authenticate(server, login, password)
        sender = sender or login
        server.sendmail(sender, [to], a_message(to, subject, sender=sender).as_bytes())


def imap(stack: MailStack, login: str, password: str = PASSWORD) -> imaplib.IMAP4:
    """An IMAP session, signed in. Raises imaplib.IMAP4.error when it is refused."""

    class FromAnotherAddress(imaplib.IMAP4_SSL):
        def _create_socket(self, timeout: float | None) -> socket.socket:
            plain = socket.create_connection((self.host, self.port), timeout, source_address=(a_source(), 0))
            return self.ssl_context.wrap_socket(plain, server_hostname=self.host)

    session = FromAnotherAddress(HOST, stack.ports.imaps, ssl_context=unverified(), timeout=20)
    session.login(f'"{login}"', password)  # imaplib quotes the password only
    return session


def pop3(stack: MailStack, login: str, password: str = PASSWORD) -> poplib.POP3:
    """A POP3 session, signed in. Raises poplib.error_proto when it is refused."""
    context = unverified()

    class FromAnotherAddress(poplib.POP3):
        def _create_socket(self, timeout: float) -> socket.socket:
            plain = socket.create_connection((self.host, self.port), timeout, source_address=(a_source(), 0))
            return context.wrap_socket(plain, server_hostname=self.host)

    session = FromAnotherAddress(HOST, stack.ports.pop3s, timeout=20)
    session.user(login)
    session.pass_(password)
    return session


def signs_in(stack: MailStack, login: str, password: str = PASSWORD, *, by: str = "imap") -> bool:
    """Whether this login and password are good for this protocol."""
    try:
        {"imap": imap, "pop3": pop3, "smtp": _smtp, "sieve": _sieve}[by](stack, login, password)
    except (imaplib.IMAP4.error, poplib.error_proto, smtplib.SMTPAuthenticationError, SieveRefused):
        return False
    return True


def subjects(stack: MailStack, login: str, password: str = PASSWORD, *, folder: str = "INBOX") -> list[str]:
    """The subjects in somebody's folder, as his mail program shows them."""
    session = imap(stack, login, password)
    session.select(folder, readonly=True)
    numbers = session.search(None, "ALL")[1][0].split()
    found = [session.fetch(n.decode(), "(BODY[HEADER.FIELDS (SUBJECT)])")[1][0][1].decode() for n in numbers]
    session.logout()
    return [line.partition(":")[2].strip() for line in found]


def arrives(stack: MailStack, login: str, subject: str, password: str = PASSWORD, *, folder: str = "INBOX") -> bool:
    """True as soon as the letter is in somebody's folder. Fails when it never comes."""
    return eventually(f"“{subject}” for {login}", lambda: subject in subjects(stack, login, password, folder=folder))


class SieveRefused(Exception):
    """ManageSieve said no."""


def _smtp(stack: MailStack, login: str, password: str) -> None:
    with smtplib.SMTP(HOST, stack.ports.submission, source_address=(a_source(), 0), timeout=20) as server:
        server.ehlo("laptop.home.test")
        server.starttls(context=unverified())
        _authenticate(server, login, password)


def _authenticate(server: smtplib.SMTP, login: str, password: str) -> None:
    """Once, by PLAIN; `login` would try every mechanism before it believes a refusal."""
    server.ehlo("laptop.home.test")
    server.user, server.password = login, password
    server.auth("PLAIN", server.auth_plain)


def _sieve(stack: MailStack, login: str, password: str) -> None:
    ManageSieve(stack, login, password).close()


class ManageSieve:
    """As much of RFC 5804 as it takes to store a filter."""

    def __init__(self, stack: MailStack, login: str, password: str = PASSWORD) -> None:
        plain = socket.create_connection((HOST, stack.ports.sieve), 20, source_address=(a_source(), 0))
        plain_file = plain.makefile("rwb")
        self._file = plain_file
        self._answer()
        self._say("STARTTLS")
        secured = unverified().wrap_socket(plain, server_hostname=HOST)
        self._file = secured.makefile("rwb")
        self._answer()
        token = smtplib.base64.b64encode(f"\0{login}\0{password}".encode()).decode()
        self._say(f'AUTHENTICATE "PLAIN" "{token}"')

    def store(self, name: str, script: str) -> None:
        """Store a filter and make it the active one. Raises SieveRefused with the server's words."""
        self._say(f'PUTSCRIPT "{name}" {{{len(script.encode())}+}}\r\n{script}')
        self._say(f'SETACTIVE "{name}"')

    def close(self) -> None:
        """Say goodbye."""
        self._say("LOGOUT")

    def _say(self, command: str) -> None:
        self._file.write(command.encode() + b"\r\n")
        self._file.flush()
        self._answer()

    def _answer(self) -> None:
        while line := self._file.readline().decode():
            if line.startswith("OK"):
                return
            if line.startswith(("NO", "BYE")):
                raise SieveRefused(line)
        raise SieveRefused("The server hung up.")
