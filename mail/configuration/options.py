"""What differs between one mail server's configuration and another's."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where the servers listen. The names are those of /etc/services."""

    smtp: int = 25
    submission: int = 587
    submissions: int = 465
    imap: int = 143
    imaps: int = 993
    pop3: int = 110
    pop3s: int = 995
    sieve: int = 4190
    lmtp: int = 24
    doveadm: int = 8080

    @classmethod
    def counted_from(cls, first: int) -> Self:
        """Ports in a row, for an instance beside others: `first` is smtp, then in the order above."""
        return cls(**{port.name: first + offset for offset, port in enumerate(fields(cls))})


@dataclass(frozen=True, kw_only=True)
class Database:
    """Where the mail server finds PostgreSQL."""

    host: str
    port: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Options:
    """One mail server.

    `root` names a directory in which everything of a private instance lives; empty: the places of the
    distribution. `dns` False: there is no name server, as in the tests.
    """

    hostname: str
    postmaster: str
    database: Database
    dovecot: str = "2.3"
    ports: Ports = field(default_factory=Ports)
    listen: str = "*"
    trusted_networks: str = "127.0.0.1/32 [::1]/128"
    relayhost: str = ""
    dns: bool = True
    tls_certificate: str = "/etc/ssl/certs/ssl-cert-snakeoil.pem"
    tls_key: str = "/etc/ssl/private/ssl-cert-snakeoil.key"
    mail_directory: str = "/var/vmail"
    mail_uid: int = 5000
    mail_gid: int = 5000
    dovecot_directory: str = "/etc/dovecot"
    root: str = ""
    message_size: int = 50 * 1024**2

    @property
    def queue_directory(self) -> str:
        """Postfix's queue, in which Dovecot puts the sockets that Postfix asks."""
        return f"{self.root}/spool" if self.root else "/var/spool/postfix"

    @property
    def everywhere(self) -> bool:
        """True when the servers listen on every address of the machine."""
        return self.listen == "*"
