"""What may stand before the @ here, and what mail may be sent on to."""

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from mail.addresses import (
    LOCAL_PART,
    MAX_LOCAL_PART,
    MAX_TARGETS,
    AddressError,
    check_local_part,
    check_target,
    check_targets,
    domain_of,
    split_targets,
    without_tag,
)

# What people type, and what they should not: every kind of character, with those that matter more often.
typed_text = st.text(st.one_of(st.characters(), st.sampled_from("abz09.-_+@!'\"/\\ \t\r\n,;<>()[]|%*äß")), max_size=80)
atom = st.text("abcdefghijklmnopqrstuvwxyz0123456789#$&'*/=?^_`{|}~-", min_size=1, max_size=12)
local_parts = st.lists(atom, min_size=1, max_size=4).map(".".join).filter(lambda text: not text.startswith("-"))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("joe", "joe"),
        (" Joe.Bloggs ", "joe.bloggs"),
        ("o'brien", "o'brien"),
        ("a-b_c", "a-b_c"),
        ("x" * 64, "x" * 64),
        ("0", "0"),
    ],
)
def test_an_address_of_ours_is_kept_in_lower_case(typed: str, stored: str) -> None:
    assert check_local_part(typed) == stored


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "before the @"),
        ("   ", "before the @"),
        ("joe@feed.example", "Only the part before the @"),
        ("joe+sales", "reaches name@"),
        ("x" * 65, "At most 64"),
        ("-joe", "hyphen"),
        (".joe", "no dot at either end"),
        ("joe.", "no dot at either end"),
        ("joe..bloggs", "Letters"),
        ("joe bloggs", "no spaces"),
        ("jörg", "accents"),
        ('"joe"', "Letters"),
        ("joe\x00", "Letters"),
        ("jo\ne", "Letters"),
        ("ＪＯＥ", "Letters"),
        ("joe,ann", "Letters"),
    ],
)
def test_what_cannot_be_an_address_is_refused_at_its_field_with_the_reason(typed: str, said: str) -> None:
    with pytest.raises(AddressError) as error:
        check_local_part(typed)
    assert said in error.value.message
    assert error.value.field == "local_part"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        (" Friend@Elsewhere.Test ", "friend@elsewhere.test"),
        ("joe+tag@elsewhere.test", "joe+tag@elsewhere.test"),
        ("jane@Bücher.example", "jane@xn--bcher-kva.example"),
        ("jane@faß.example", "jane@xn--fa-hia.example"),
        ("a@b.co", "a@b.co"),
    ],
)
def test_an_address_to_send_on_to_may_be_anywhere(typed: str, stored: str) -> None:
    assert check_target(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "joe",
        "@feed.example",
        "joe@",
        "joe@localhost",
        "joe@[127.0.0.1]",
        "joe@127.0.0.1",
        "jörg@elsewhere.test",
        "a b@elsewhere.test",
        "a..b@elsewhere.test",
        '"a b"@elsewhere.test',
        "joe@else_where.test",
        "joe@elsewhere",
        "joe@@elsewhere.test",
        "-f@elsewhere.test",
        "joe@elsewhere.test@x",
        "|rm -rf@elsewhere.test",
        "joe@-bad.example",
        f"{'x' * 65}@elsewhere.test",
        f"joe@{'x' * 64}.example",
        f"joe@{'a.' * 130}example",
        "joe\r\nbcc: x@elsewhere.test",
    ],
)
def test_what_is_no_address_is_refused_and_named(typed: str) -> None:
    with pytest.raises(AddressError) as error:
        check_target(typed)
    assert typed in error.value.message
    assert error.value.field == "targets"


def test_targets_are_kept_in_order_and_once_each() -> None:
    assert check_targets(["b@x.example", "A@x.example", " ", "B@X.example"]) == ["b@x.example", "a@x.example"]


def test_more_targets_than_a_mailing_list_should_have_are_refused() -> None:
    targets = [f"n{n}@x.example" for n in range(MAX_TARGETS)]
    assert len(check_targets(targets)) == MAX_TARGETS
    with pytest.raises(AddressError, match="mailing list"):
        check_targets([*targets, "one.more@x.example"])


def test_a_text_field_may_have_addresses_on_lines_or_between_commas() -> None:
    text = " a@x.example\r\nb@x.example, c@x.example;d@x.example\te@x.example ,"
    assert split_targets(text) == [f"{letter}@x.example" for letter in "abcde"]


def test_a_plus_tag_is_left_aside() -> None:
    assert without_tag("joe+a+b@x.example") == "joe@x.example"
    assert without_tag("joe@x.example") == "joe@x.example"


@given(typed_text)
def test_whatever_is_typed_as_local_part_is_refused_or_is_one(typed: str) -> None:
    try:
        stored = check_local_part(typed)
    except AddressError:
        return
    assert LOCAL_PART.fullmatch(stored)
    assert len(stored.encode()) <= MAX_LOCAL_PART
    assert check_local_part(stored) == stored
    validate_email(f"{stored}@example.net", check_deliverability=False, allow_smtputf8=False)


@given(local_parts)
def test_every_dot_atom_of_at_most_64_octets_is_one(local_part: str) -> None:
    assert check_local_part(local_part.upper()) == local_part


@given(st.one_of(typed_text, st.builds("{}@{}".format, typed_text, st.one_of(typed_text, st.just("elsewhere.test")))))
def test_whatever_is_typed_as_target_is_refused_or_an_ascii_address(typed: str) -> None:
    try:
        stored = check_target(typed)
    except AddressError:
        return
    assert stored == stored.lower()
    assert stored.isascii()
    assert not set(stored) & set(' \t\r\n,;<>()[]\\"')
    assert stored.count("@") == 1
    assert len(stored) <= 254
    assert check_target(stored) == stored
    assert "." in domain_of(stored)


@given(st.lists(typed_text, max_size=6).map("\n".join))
def test_any_text_in_a_field_for_addresses_is_refused_or_a_list_of_them(text: str) -> None:
    try:
        targets = check_targets(split_targets(text))
    except AddressError:
        return
    assert len(targets) == len(set(targets))
    assert check_targets(targets) == targets
