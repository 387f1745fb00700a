"""Domain names as typed, stored and read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.errors import DomainError
from accounts.models.domain import A_LABELS
from accounts.names import to_a_label, to_unicode


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("example.net", "example.net"),
        ("  Example.NET. ", "example.net"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("straße.example", "xn--strae-oqa.example"),
    ],
)
def test_a_name_is_stored_as_lower_case_a_labels(typed: str, stored: str) -> None:
    assert to_a_label(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["", ".", "net", "exa mple.net", "http://example.net", "joe@example.net", "-a.net", "a-.net", "a..net",
     "a" * 64 + ".net", ".".join(["a" * 63] * 4) + ".net", "127.0.0.1", "under_score.net", "ex\u202eample.net"],
)  # fmt: skip
def test_what_is_no_domain_name_is_refused_at_the_field(typed: str) -> None:
    with pytest.raises(DomainError) as refused:
        to_a_label(typed)
    assert refused.value.field == "name"
    assert refused.value.message


@pytest.mark.parametrize("typed", ["a..b", "-a.example", "_dmarc.x.example", "xn--.example", "😀.example"])
def test_what_is_wrong_with_a_name_is_said_without_the_library_s_words(typed: str) -> None:
    with pytest.raises(DomainError, match="letters, digits and hyphens") as error:
        to_a_label(typed)
    assert "Codepoint" not in error.value.message


def test_a_name_is_read_as_unicode_and_junk_as_it_is() -> None:
    assert to_unicode("xn--bcher-kva.example") == "bücher.example"
    assert to_unicode("example.net") == "example.net"
    assert to_unicode("xn--99999999999.example") == "xn--99999999999.example"


@given(st.text(max_size=80))
def test_any_text_is_either_a_proper_name_or_refused(typed: str) -> None:
    try:
        name = to_a_label(typed)
    except DomainError:
        return
    assert re.fullmatch(A_LABELS, name)
    assert len(name) <= 253
    assert to_a_label(name) == name
    assert to_a_label(to_unicode(name)) == name
