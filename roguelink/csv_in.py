"""CSV in: whatever a spreadsheet writes. An error names its line; nothing is guessed silently."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from roguelink.csv_out import FORMULA_STARTS
from roguelink.errors import ServiceError

DELIMITERS = ",;\t|"
MAX_CELL = 10_000  # characters


class CsvError(ServiceError):
    """A file that cannot be read as a table."""


@dataclass(frozen=True)
class CsvRow:
    """One row: its line in the file, and its cells under our own column names, trimmed."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell; empty where the file has no such column."""
        return self.cells.get(column, "")


def read_rows(data: bytes, *, columns: Mapping[str, Iterable[str]], required: str, max_rows: int) -> list[CsvRow]:
    """The rows of a file with a header line.

    `columns` gives for each of our names the headings it may have (lower case). UTF-8 with or without a byte
    order mark, else Windows-1252; comma, semicolon, tab or bar, whichever the header line uses most. Blank lines
    are passed over. Raises CsvError for a file without `required`, with a heading twice, or beyond `max_rows`.
    """
    text = _decode(data)
    header_line = next((line for line in text.splitlines() if line.strip()), "")
    if not header_line:
        raise CsvError(_("The file is empty."), field="file")
    delimiter = max(DELIMITERS, key=header_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[CsvRow] = []
    names: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if names is None:
                names = _names(cells, columns, required)
                continue
            rows.append(_row(reader.line_num, names, cells))
            if len(rows) > max_rows:
                raise CsvError(
                    _("The file has more than %(count)s rows. Please split it.") % {"count": f"{max_rows:,}"},
                    field="file",
                )
    except csv.Error as error:
        raise CsvError(
            _("Line %(line)s cannot be read: %(reason)s") % {"line": reader.line_num, "reason": error}, field="file"
        ) from error
    if not rows:
        raise CsvError(_("The file has a header line but no rows."), field="file")
    return rows


def _decode(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    if "\0" in text:
        raise CsvError(_("This is not a CSV file. In a spreadsheet, choose “Save as… CSV”."), field="file")
    return text


def _names(headings: list[str], columns: Mapping[str, Iterable[str]], required: str) -> list[str]:
    """Our column names in the file's order; headings we do not know keep their own, and are not read."""
    by_heading = {heading: name for name, headings in columns.items() for heading in (name, *headings)}
    names = [by_heading.get(heading.strip().lower(), heading.strip().lower()) for heading in headings]
    if required not in names:
        known = ", ".join(columns)
        raise CsvError(
            _("The first line must name the columns; “%(required)s” is missing. Known columns: %(known)s.")
            % {"required": required, "known": known},
            field="file",
        )
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise CsvError(_("The column “%(name)s” is there twice.") % {"name": twice.pop()}, field="file")
    return names


def _row(line: int, names: list[str], cells: list[str]) -> CsvRow:
    if len(cells) > len(names):
        raise CsvError(
            _("Line %(line)s has more cells than the header line. Is a cell with a comma missing its quotes?")
            % {"line": line},
            field="file",
        )
    if any(len(cell) > MAX_CELL for cell in cells):
        raise CsvError(_("Line %(line)s has a cell that is far too long.") % {"line": line}, field="file")
    return CsvRow(line, {name: _bare(cell) for name, cell in zip(names, cells, strict=False)})


def _bare(cell: str) -> str:
    """The cell, trimmed, without the apostrophe that our own export puts before what looks like a formula."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell
