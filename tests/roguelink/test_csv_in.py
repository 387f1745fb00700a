"""Files as spreadsheets write them."""

import contextlib
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roguelink.csv_in import CsvError, read_rows
from roguelink.csv_out import harmless

COLUMNS = {"address": ["e-mail", "mailbox"], "name": ["full name"]}


def read(data: bytes, max_rows: int = 100) -> list[tuple[int, dict[str, str]]]:
    return [
        (row.line, dict(row.cells)) for row in read_rows(data, columns=COLUMNS, required="address", max_rows=max_rows)
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_usual_delimiter_and_heading_is_understood(delimiter: str) -> None:
    text = delimiter.join(["E-Mail", "Full name"]) + "\r\n" + delimiter.join(["a@x.example", "Ann"]) + "\r\n"
    assert read(text.encode()) == [(2, {"address": "a@x.example", "name": "Ann"})]


def test_a_byte_order_mark_and_windows_letters_are_understood() -> None:
    assert read("address,name\nb@x.example,Zoë\n".encode("utf-8-sig"))[0][1]["name"] == "Zoë"
    assert read("address,name\nb@x.example,Zoë\n".encode("cp1252"))[0][1]["name"] == "Zoë"


def test_blank_lines_are_passed_over_and_lines_keep_their_number() -> None:
    assert read(b"\naddress\n\na@x.example\n,\nb@x.example\n")[-1][0] == 6


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"address\n", "no rows"),
        (b"name\nAnn\n", "missing"),
        (b"address,mailbox\na,b\n", "twice"),
        (b"address\na@x.example,more,cells\n", "Line 2"),
        (b'address\n"a@x.example\n', "Line"),
        (b"PK\x03\x04\x00\x00", "not a CSV"),
        (b"address\n" + b"a\n" * 101, "more than 100"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_the_reason(data: bytes, says: str) -> None:
    with pytest.raises(CsvError, match=says) as refused:
        read(data)
    assert refused.value.field == "file"


@given(st.binary(max_size=300))
def test_any_bytes_are_rows_or_a_reason(data: bytes) -> None:
    with contextlib.suppress(CsvError):
        assert read(data)


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.tuples(cells, cells).filter(lambda row: any(cell.strip() for cell in row)), min_size=1, max_size=20))
def test_what_was_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([("address", "name"), *rows])
    assert [tuple(cells.values()) for _line, cells in read(file.getvalue().encode())] == [
        (address.strip(), name.strip()) for address, name in rows
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_cell_that_would_be_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("a=1") == "a=1"
