"""The many plain rows of a table, written past XlsxWriter's way of keeping every cell as an object until the end."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from guatu.office.containers.grid import column_letters

CellOut = tuple[str | float | None, Format]
"""What a cell shows and how. Text must be safe: it is written as it is, and only ever as text."""


class TableSheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes whole rows below what is written cell by cell; a test holds both ways to the same XML.

    A row is turned into its XML at once, with the library's own numbers for formats and shared strings, which costs a third.
    """

    dim_rowmax: int | None

    def __init__(self) -> None:
        super().__init__()
        self._body: list[str] = []
        self._head_ends: int | None = None
        self._letters: list[str] = []
        self._strings: dict[str, int] = {}
        self._styles: dict[Format, int] = {}

    def add_row(self, row: int, cells: Sequence[CellOut], height: float | None = None) -> None:
        """Write a row under all rows there are, from the first column on."""
        if self._head_ends is None:
            self._head_ends = self.dim_rowmax
            self._head_ends = -1 if self._head_ends is None else self._head_ends
        self._check_dimensions(row, len(cells) - 1)
        self._check_dimensions(row, 0)
        while len(self._letters) < len(cells):
            self._letters.append(column_letters(len(self._letters)))
        number = row + 1
        parts = [self._opening(number, height)]
        styles = self._styles
        for letters, (value, style) in zip(self._letters, cells, strict=False):
            index = styles.get(style)
            if index is None:
                index = styles[style] = style._get_xf_index()
            place = f'<c r="{letters}{number}" s="{index}"'
            if value is None:
                parts.append(f"{place}/>")
            elif type(value) is str:
                parts.append(f'{place} t="s"><v>{self._string(value)}</v></c>')
            else:
                parts.append(f"{place}><v>{value:.16G}</v></c>")
        parts.append("</row>")
        self._body.append("".join(parts))

    def _string(self, text: str) -> int:
        index = self._strings.get(text)
        if index is None:
            index = self._strings[text] = self.str_table._get_shared_string_index(text)
        else:
            self.str_table.count += 1
        return index

    def _opening(self, number: int, height: float | None) -> str:
        pixels = self.default_row_height if height is None else int(height * 4 / 3 + 0.5)
        if pixels == self.original_row_height and pixels == self.default_row_height:
            return f'<row r="{number}">'
        return f'<row r="{number}" ht="{pixels * 0.75:.16g}" customHeight="1">'

    def _write_rows(self) -> None:
        if self._head_ends is None:
            super()._write_rows()
            return
        last = self.dim_rowmax
        if self._head_ends >= 0:
            self.dim_rowmax = self._head_ends
            super()._write_rows()
            self.dim_rowmax = last
        self.fh.write("".join(self._body))
