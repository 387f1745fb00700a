"""The field in which sizes are typed."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.forms.fields import SizeField
from tests import factories as make

GB = 1024**3


@pytest.mark.parametrize(("typed", "size"), [("2 GB", 2 * GB), ("500", 500 * 1024**2), ("", None)])
def test_a_size_is_read_in_bytes(typed: str, size: int | None) -> None:
    assert SizeField(required=False).clean(typed) == size


def test_empty_is_no_limit_where_a_limit_is_meant() -> None:
    assert SizeField(required=False, zero_is_unlimited=True).clean("") == 0


@pytest.mark.parametrize("typed", ["much", "-1", "9" * 40, "\0", "2 GB\0"])
def test_what_is_no_size_is_refused_at_the_field(typed: str) -> None:
    with pytest.raises(ValidationError):
        SizeField(required=False).clean(typed)


def test_a_quota_that_nobody_touched_is_not_rounded() -> None:
    class QuotaForm(forms.Form):
        quota = SizeField(initial=1234 * 1024**2)

    shown = str(QuotaForm()["quota"])
    assert 'value="1234 MB"' in shown


@pytest.mark.django_db
def test_a_mailbox_gets_another_quota_by_its_form(client) -> None:
    mailbox = make.a_mailbox(quota_bytes=GB)
    client.force_login(make.a_staff_user())
    sent = {"name": mailbox.name, "quota_bytes": "3 GB", "server": mailbox.server_id, "version": mailbox.version}
    response = client.post(reverse("mail:mailbox-edit", args=[mailbox.pk]), sent)
    mailbox.refresh_from_db()
    assert (response.status_code, mailbox.quota_bytes) == (302, 3 * GB)
