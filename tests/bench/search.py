"""The one search over everything: several words, half a phone number, letters in the middle of a name."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from tests.bench.pages import measured, signed_in
from tests.bench.table import Result, measurement
from tests.bench.world import BIG, RARE_ADDRESS, RARE_PERSON, RARE_PHONE, World

MAX_MS = 100
WHILE_TYPING = {"HX-Request": "true"}  # Enter would lead straight to what is exactly meant
WORDS = {  # what is typed: what the page must say
    "an address": (RARE_ADDRESS, RARE_ADDRESS),
    "the beginning of a name": ("zebul", RARE_ADDRESS),
    "two words": ("zebulon quixote", RARE_ADDRESS),
    "a common name": ("walt boone", "walt.boone"),
    "a domain": (BIG, BIG),
    "letters within, rare": ("uixot", RARE_ADDRESS),
    "letters within, common": ("ann", "ann"),
    "two letters": ("wa", "wa"),
    "half a phone number": (RARE_PHONE[-7:], RARE_PERSON),
    "three common digits": ("555", ""),
    "what nobody has": ("qqqqxz", ""),
}


@measurement("search")
def the_search(world: World) -> Iterator[Result]:
    """Each kind of search by the owner, who may see everything, and one by an administrator."""
    staff, admin = signed_in(world.owner), signed_in(world.admin)
    for kind, (typed, says) in WORDS.items():
        url = f"{reverse('accounts:search')}?{urlencode({'q': typed})}"
        yield measured(staff, f"search for {kind}: {typed}", url, says=says, max_ms=MAX_MS, headers=WHILE_TYPING)
    url = f"{reverse('accounts:search')}?q=walt"
    yield measured(
        admin, "search by a domain administrator: walt", url, says="walt", max_ms=MAX_MS, headers=WHILE_TYPING
    )
