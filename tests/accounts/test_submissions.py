"""Tokens of forms, by which a double click does its work once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Submission
from accounts.services import submissions
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_tokens_of_forms_are_forgotten_after_two_days() -> None:
    user = make.a_user()
    for days, token in ((1, "0" * 32), (3, "1" * 32)):
        Submission.objects.create(token=token, user=user, created_at=timezone.now() - timedelta(days=days))
    assert submissions.forget_old() == 1
