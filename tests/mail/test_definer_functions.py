"""What runs under the owner's rights cannot be led astray by whoever may connect."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db

DEFINERS = """
    SELECT p.proname, p.proconfig, has_function_privilege('mta_writer', p.oid, 'EXECUTE')
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND n.nspname IN ('public', 'mta', 'postfixadmin')
"""


def test_a_function_with_the_owner_s_rights_looks_into_temporary_tables_last_and_is_nobody_s_to_call() -> None:
    with connection.cursor() as cursor:
        cursor.execute(DEFINERS)
        functions = cursor.fetchall()
    assert functions
    for name, settings, callable_by_writer in functions:
        assert settings == ["search_path=public, pg_temp"], name
        assert not callable_by_writer, name


@pytest.mark.parametrize("role", ["mta_reader", "mta_writer"])
def test_the_mail_servers_roles_may_not_make_temporary_tables(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')", [role])
        assert cursor.fetchone() == (False,)
