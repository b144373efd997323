"""Three ways of acting on a page: with a mouse at a desk, with the keyboard alone, with a thumb on a phone.

A journey says what is done by the words people see; a hand does it, or fails where its way does not lead there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

WAYS = ("mouse", "keyboard", "touch")
AT_A_DESK, ON_A_PHONE = 1440, 390
FURTHEST = 400
"""Times Tab is pressed at most before something counts as out of reach."""
IN_FOCUS = "one => one === document.activeElement"
LEADS_AWAY = """one => one.matches('a[href]:not([href^="#"]):not([hx-get]):not([href*=".ics"]):not([href*="/calendar?"])')
  || one.matches('button') && one.type === 'submit' && Boolean(one.form)"""
"""Whether another page comes: no file, no part of the same page."""


class OutOfReach(AssertionError):
    """Whoever acts in this way cannot come to something that is on the page."""


@dataclass(slots=True)
class Hand:
    """Acts on a page in one way, and counts the times it opens something."""

    page: Any
    way: str
    clicks: int = field(default=0)

    def follow(self, name: str, *, among: str = "main", exact: bool = True) -> None:
        """The link of this name, or the summary of something folded."""
        self.act(self._named("link", name, among, exact))

    def press(self, name: str, *, among: str = "main", exact: bool = True) -> None:
        """The button of this name."""
        self.act(self._named("button", name, among, exact))

    def unfold(self, words: str, *, among: str = "main") -> None:
        """What is folded under a summary that has these words."""
        self.act(self.page.locator(f"{among} summary:visible", has_text=words).first)

    def act(self, there: Any) -> None:
        """Open whatever this is, and wait for the page it leads to, if it leads to one."""
        self.clicks += 1
        there.wait_for(state="visible")
        if there.evaluate(LEADS_AWAY):
            with self.page.expect_navigation():
                self._open(there)
        else:
            self._open(there)

    def _open(self, there: Any) -> None:
        self.reach(there)
        if self.way == "keyboard":
            self.page.keyboard.press("Enter")

    def fill(self, label: str, value: str | date, *, among: str = "main") -> None:
        """Type into the field with this label, over what is there."""
        there = self._labelled(label, among)
        self.reach(there)
        if isinstance(value, date):
            self._type_day(there, value)
        else:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.insert_text(value)
        written = value.isoformat() if isinstance(value, date) else value
        assert there.input_value() == written, f"'{label}' holds {there.input_value()!r}"

    def choose(self, label: str, option: str, *, among: str = "main") -> None:
        """Of a list that opens; by its letters where one has no mouse."""
        there = self._labelled(label, among)
        if self.way == "keyboard":
            self.reach(there)
            options = there.locator("option").all_inner_texts()
            now = there.evaluate("one => one.selectedIndex")
            away = [one.strip() for one in options].index(option) - now
            for _ in range(abs(away)):
                self.page.keyboard.press("ArrowDown" if away > 0 else "ArrowUp")
        else:
            there.select_option(label=option)
        assert there.evaluate("one => one.selectedOptions[0].label.trim()") == option

    def give(self, label: str, file: Path) -> None:
        """A file, in the dialog the browser opens for it."""
        there = self._labelled(label, "main")
        with self.page.expect_file_chooser() as chooser:
            self.act(there)
        chooser.value.set_files(str(file))

    def reach(self, there: Any) -> None:
        """Put something in focus, in the way of this hand."""
        if self.way == "mouse":
            there.click()
        elif self.way == "touch":
            there.tap()
        else:
            self._tab_to(there)

    def _tab_to(self, there: Any) -> None:
        for _ in range(FURTHEST):
            if there.evaluate(IN_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise OutOfReach(f"Tab does not come to {there}")

    def _type_day(self, there: Any, day: date) -> None:
        """From its first part on, in the order in which the browser's own language writes a day."""
        for order in ("%m%d%Y", "%Y%m%d", "%d%m%Y"):
            for _ in range(3):
                self.page.keyboard.press("ArrowLeft")
            self.page.keyboard.type(day.strftime(order))
            if there.input_value() == day.isoformat():
                return

    def _named(self, role: str, name: str, among: str, exact: bool) -> Any:
        return self.page.locator(among).get_by_role(role, name=name, exact=exact).locator("visible=true").first

    def _labelled(self, label: str, among: str) -> Any:
        return self.page.locator(among).get_by_label(label).locator("visible=true").first
