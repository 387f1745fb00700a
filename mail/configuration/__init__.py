"""Configurations of Postfix and Dovecot for this database, written from the templates beside this file."""

from mail.configuration.files import Outcome, write_files
from mail.configuration.options import Database, Options, Ports
from mail.configuration.render import render
from mail.configuration.roles import ConfigurationError, Secrets, prepare_database, secrets

__all__ = [
    "ConfigurationError",
    "Database",
    "Options",
    "Outcome",
    "Ports",
    "Secrets",
    "prepare_database",
    "render",
    "secrets",
    "write_files",
]
