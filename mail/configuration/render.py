"""From options to the text of each file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from django.template import Context, Engine

from mail.configuration.options import Options
from mail.configuration.roles import Secrets

TEMPLATES = Path(__file__).resolve().parent / "templates"


def render(options: Options, secrets: Secrets) -> dict[str, str]:
    """Every file of the configuration: its path below the directory asked for, and its text."""
    context = Context(_values(options, secrets), autoescape=False)
    engine = Engine(autoescape=False)
    return {
        path: engine.from_string((TEMPLATES / source).read_text(encoding="utf-8")).render(context)
        for path, source in _paths(options.dovecot).items()
    }


def _paths(dovecot: str) -> dict[str, str]:
    """Path of a file below the directory asked for -> its template."""
    sources = {"postfix": "postfix", "dovecot": f"dovecot-{dovecot}"}
    return {
        str(Path(server) / path.relative_to(TEMPLATES / folder)): str(path.relative_to(TEMPLATES))
        for server, folder in sources.items()
        for path in sorted((TEMPLATES / folder).rglob("*"))
        if path.is_file()
    }


def _values(options: Options, secrets: Secrets) -> dict[str, object]:
    """What the templates name, beside the options themselves."""
    v6 = ":" in options.listen
    return asdict(options) | {
        "queue_directory": options.queue_directory,
        "postfix_interfaces": "all" if options.everywhere else options.listen,
        "postfix_protocols": "all" if options.everywhere else "ipv6" if v6 else "ipv4",
        "postfix_listen": "" if options.everywhere else f"[{options.listen}]:" if v6 else f"{options.listen}:",
        "dovecot_listen": "*, ::" if options.everywhere else options.listen,
        "instance": Path(options.root).name,
        "reader_password": secrets.reader_password,
        "writer_password": secrets.writer_password,
        "doveadm_api_key": secrets.doveadm_api_key,
    }
