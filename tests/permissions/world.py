"""Who walks, and what is his and what is not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from accounts.middleware import ImpersonationMiddleware
from accounts.models import Impersonation, User
from mail.models import Mailbox
from tests import factories as make
from tests.accounts.signing_in import prove, sign_in

PRINCIPALS = ("anonymous", "user", "admin", "other", "staff", "owner", "as_user", "as_admin")
WHO = {
    "anonymous": "nobody signed in",
    "user": "the owner of the mailbox",
    "admin": "the administrator of its domain, every switch on",
    "other": "the administrator of another domain",
    "staff": "the hotline",
    "owner": "the owner of the ISP",
    "as_user": "the hotline logged in as the owner of the mailbox",
    "as_admin": "the hotline logged in as the administrator",
}


@dataclass
class Things:
    """One object of every kind, all of one domain and its customer."""

    customer: Any
    contact: Any
    domain: Any
    grant: Any
    mailbox: Any
    alias: Any
    alias_domain: Any
    event: Any
    login: User
    staff: User


@dataclass
class World:
    """`mine` is what the walk is about; `foreign` belongs to none of those who walk, apart from staff."""

    mine: Things
    foreign: Things
    people: dict[str, User]

    def arguments(self, name: str, walker: str, *, foreign: bool) -> dict[str, Any]:
        """What addresses of this name take (some of them less), about an object of one's own or a foreign one."""
        things = self.foreign if foreign else self.mine
        kind = name.partition(":")[2].partition("-")[0]
        by_kind = {
            "customer": {"pk": things.customer.pk},
            "contact": {"pk": things.customer.pk, "contact": things.contact.pk},
            "domain": {"pk": things.domain.pk},
            "grant": {"pk": things.domain.pk, "grant": things.grant.pk},
            "mailbox": {"pk": things.mailbox.pk},
            "alias": {"pk": things.alias.pk},
            "aliasdomain": {"pk": things.alias_domain.pk},
            "server": {"pk": 10**9 if foreign else things.mailbox.server_id},
            "staff": {"pk": things.login.pk if foreign else things.staff.pk},
            "impersonate": {"pk": things.staff.pk if foreign else things.login.pk},
            "undo": {"kind": "mailbox", "pk": 10**9 if foreign else things.event.pk},
            "account": {"pk": self.belonging(UserSession, walker, foreign=foreign)},
        }
        if name.startswith("mfa_"):
            return {"pk": self.belonging(Authenticator, walker, foreign=foreign)}
        if name == "account_reset_password_from_key":
            return {"uidb36": "1", "key": "forged"}
        return by_kind[kind]

    def belonging(self, model: Any, walker: str, *, foreign: bool) -> int:
        """The key of a session or a second factor: the walker's own, or somebody else's."""
        user = self.foreign.login if foreign or walker == "anonymous" else self.people[walker]
        return model.objects.filter(user=user).latest("pk").pk

    def post_data(self, name: str, *, foreign: bool) -> dict[str, Any]:
        """What is sent, where an empty form would not get as far as the question."""
        things = self.foreign if foreign else self.mine
        return {
            "mail:mailbox-bulk": {"do": "suspend", "selected": [things.mailbox.pk]},
            "mail:alias-bulk": {"do": "deactivate", "selected": [things.alias.pk]},
            "accounts:impersonate": {"reason": "asked to by telephone"},
        }.get(name, {})

    def client(self, walker: str) -> Client:
        """A browser in which this principal is signed in, by the front door."""
        client = Client()
        if walker == "anonymous":
            return client
        person = self.people[walker]
        acting = person if not walker.startswith("as_") else self.people["staff"]
        sign_in(client, acting)
        prove(client)
        make_factor(acting)
        if acting is not person:
            make_factor(person)
            UserSession.objects.create(user=person, ip="127.0.0.1", session_key=f"elsewhere-{walker}")
            record = Impersonation.objects.create(staff=acting, user=person, reason="asked to")
            session = client.session
            session[ImpersonationMiddleware.SESSION_KEY] = record.pk
            session.save()
        return client


def build() -> World:
    """The rows of the walk."""
    make.a_mail_server()
    hotline, owner = make.a_staff_user("hotline@roguelink.example"), make.an_owner("owner@roguelink.example")
    mine, foreign = things_of("mine.example", hotline), things_of("foreign.example", owner)
    admin = mine.grant.user
    people = {
        "user": mine.login,
        "admin": admin,
        "other": make.a_domain_admin(make.a_domain("other.example")),
        "staff": hotline,
        "owner": owner,
        "as_user": mine.login,
        "as_admin": admin,
    }
    make_factor(foreign.login)
    UserSession.objects.create(user=foreign.login, ip="127.0.0.1", session_key="elsewhere")
    return World(mine, foreign, people)


def things_of(name: str, staff: User) -> Things:
    """One object of every kind, in a domain of this name."""
    domain = make.a_domain(name)
    admin = make.a_domain_admin(domain)
    mailbox = make.a_mailbox(domain=domain)
    Mailbox.objects.filter(pk=mailbox.pk).update(name="Another Name")
    return Things(
        customer=domain.customer,
        contact=make.a_contact(domain.customer),
        domain=domain,
        grant=admin.domain_grants.get(),
        mailbox=mailbox,
        alias=make.an_alias(domain=domain),
        alias_domain=make.an_alias_domain(make.a_domain(f"alias-of-{name}", customer=domain.customer), domain),
        event=Mailbox.pgh_event_model.objects.get(pgh_obj_id=mailbox.pk, pgh_label="update"),
        login=mailbox.user,
        staff=staff,
    )


def make_factor(user: User) -> None:
    """A security key, so that there is one to edit and to remove."""
    if not Authenticator.objects.filter(user=user).exists():
        data = {"name": "key", "credential": a_credential()}
        Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


@cache
def a_credential() -> dict[str, Any]:
    """What a browser sends when a security key is added."""
    public_key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP
    attested = AttestedCredentialData.create(bytes(16), b"key", public_key)
    attestation = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, attested), {})
    client_data = CollectedClientData.create("webauthn.create", b"challenge", "https://portal.example")
    return {
        "id": websafe_encode(b"key"),
        "rawId": websafe_encode(b"key"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client_data),
            "attestationObject": websafe_encode(attestation),
        },
    }
