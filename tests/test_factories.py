"""The factories make rows that the database accepts and that fit together."""

import pytest
from django.utils import timezone

from accounts.models import Level
from mail.models import Alias, Mailbox
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_mailbox_fits_its_domain_and_its_owner() -> None:
    mailbox = factories.a_mailbox(local_part="dale", domain=factories.a_domain("feedstore.example"))
    assert mailbox.address == "dale@feedstore.example"
    assert mailbox.user.email == mailbox.address
    assert mailbox.server.is_default


def test_two_mailboxes_of_new_addresses_in_one_domain_share_it() -> None:
    first = factories.a_mailbox("a@pear.example")
    second = factories.a_mailbox("b@pear.example")
    assert first.domain == second.domain
    assert first.server == second.server


def test_things_made_without_arguments_are_all_different() -> None:
    for make in (factories.a_mailbox, factories.an_alias, factories.a_catch_all, factories.a_forward):
        assert make() != make()
    assert Mailbox.objects.values("domain").distinct().count() == Mailbox.objects.count()


def test_an_alias_leads_to_the_targets_that_were_said() -> None:
    alias = factories.an_alias("sales@pear.example", targets=["b@pear.example", "a@pear.example"])
    assert [target.target for target in alias.targets.all()] == ["a@pear.example", "b@pear.example"]
    assert factories.an_alias(targets=[]).targets.count() == 0


def test_a_catch_all_has_no_local_part() -> None:
    alias = factories.a_catch_all(factories.a_domain("pear.example"))
    assert Alias.objects.get(address="@pear.example") == alias
    assert alias.is_catch_all


def test_an_alias_domain_stands_for_another_of_its_customer() -> None:
    pair = factories.an_alias_domain()
    assert pair.domain.customer == pair.target.customer


def test_people_have_the_levels_their_factories_promise() -> None:
    assert factories.a_user().level == Level.USER
    assert factories.a_domain_admin().level == Level.DOMAIN_ADMIN
    assert factories.a_staff_user().level == Level.STAFF
    assert factories.an_owner().level == Level.OWNER


def test_a_switch_that_is_not_named_is_on() -> None:
    domain = factories.a_domain()
    admin = factories.a_domain_admin(domain, set_quotas=False)
    grant = admin.administered[domain.pk]
    assert (grant.manage_mailboxes, grant.set_quotas) == (True, False)


def test_what_dovecot_writes_is_found_from_the_mailbox() -> None:
    mailbox = factories.a_mailbox()
    factories.usage_of(mailbox, bytes=600_000)
    login = factories.a_last_login(mailbox, service="pop3")
    assert (mailbox.usage.bytes, mailbox.usage.messages) == (600_000, 10)
    assert mailbox.last_logins.get().at == login.at == pytest.approx(timezone.now().timestamp(), abs=5)


def test_phones_are_of_the_range_kept_for_fiction() -> None:
    phones = {str(factories.a_contact().phone) for _ in range(5)}
    assert len(phones) == 5
    assert all(phone[5:10] == "55501" for phone in phones)
