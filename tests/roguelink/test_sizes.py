"""Sizes as people type and read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roguelink.sizes import MAX_BYTES, exact_size, format_size, parse_size


@pytest.mark.parametrize(
    ("typed", "size"),
    [("500", 500 * 1024**2), ("500 MB", 500 * 1024**2), ("2GB", 2 * 1024**3), ("1.5 g", 3 * 512 * 1024**2), ("0", 0)],
)
def test_a_bare_number_means_megabytes_and_units_are_steps_of_1024(typed: str, size: int) -> None:
    assert parse_size(typed) == size


@pytest.mark.parametrize("typed", ["", "much", "-1", "1e9", "5 pb", "2 000 000 TB", "1..5"])
def test_what_is_no_size_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(typed) or "^$"):
        parse_size(typed)


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "0 bytes"), (1023, "1023 bytes"), (1024, "1 KB"), (1536 * 1024, "1.5 MB"), (2 * 1024**3, "2 GB")],
)
def test_a_size_is_shown_in_its_largest_unit(size: int, shown: str) -> None:
    assert format_size(size) == shown


@given(st.integers(min_value=0, max_value=MAX_BYTES // 1024))
def test_what_is_shown_can_be_typed_again_and_is_nearly_the_same(size: int) -> None:
    again = parse_size(format_size(size).replace("bytes", "b"))
    assert abs(again - size) <= max(1, size * 0.06)


@pytest.mark.parametrize(
    ("size", "shown"), [(2 * 1024**3, "2 GB"), (1234 * 1024**2, "1234 MB"), (1025, "1025 bytes"), (0, "0 bytes")]
)
def test_in_a_form_a_size_is_shown_without_rounding(size: int, shown: str) -> None:
    assert exact_size(size) == shown


@given(st.integers(min_value=0, max_value=MAX_BYTES))
def test_what_a_form_shows_is_sent_back_as_the_same_size(size: int) -> None:
    assert parse_size(exact_size(size)) == size
