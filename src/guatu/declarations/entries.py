"""Read the entries of a declaration file, collecting every problem with its line instead of stopping at the first."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from guatu.declarations.located import Mapping_, Place, Sequence_, read_yaml
from guatu.text import Language, Refusal, Text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a declaration: where, what, and the remedy."""

    place: Place
    what: Text
    remedy: Text

    def in_(self, language: Language) -> str:
        separator = "。" if language == "zh" else ". "
        return f"{self.place}: {self.what.in_(language)}{separator}{self.remedy.in_(language)}"


class DeclarationRefused(Refusal):
    """A pack, ledger or rulebook with problems; `problems` lists all of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        first = self.problems[0]
        super().__init__(str(first.place), first.what, first.remedy)

    def in_(self, language: Language) -> str:
        return "\n".join(problem.in_(language) for problem in self.problems)


@dataclass(slots=True)
class Problems:
    """Collects problems; `refuse()` raises them all together."""

    found: list[Problem] = field(default_factory=list)

    def add(self, place: Place, what: Text, remedy: Text) -> None:
        self.found.append(Problem(place, what, remedy))

    def refuse(self) -> None:
        if self.found:
            raise DeclarationRefused(sorted(self.found, key=lambda one: (one.place.file, one.place.line)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word somebody who wrote `word` probably meant."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def meant_or(word: str, known: Iterable[str], otherwise: Text) -> Text:
    """The remedy for a word that is not known: the one probably meant, or else `otherwise`."""
    meant = nearest(word, known)
    return Text(f"是不是“{meant}”？", f"Did you mean '{meant}'?") if meant else otherwise


def is_encoding(name: str) -> bool:
    """Whether a text encoding goes by that name."""
    try:
        "".encode(name)
    except LookupError:
        return False
    return True


def no_encoding(name: str) -> tuple[Text, Text]:
    """What is wrong, and the remedy, of a name no text encoding goes by."""
    return (
        Text(f"没有叫“{name}”的文字编码", f"there is no text encoding '{name}'"),
        Text("常用：gb18030、cp1252、utf-8。", "Common ones: gb18030, cp1252, utf-8."),
    )


class Entry:
    """One mapping of a declaration file, read key by key; keys nobody asked for are problems at `done()`."""

    def __init__(self, mapping: Mapping_, problems: Problems) -> None:
        self.mapping = mapping
        self.problems = problems
        self._asked: set[str] = set()

    @property
    def place(self) -> Place:
        return self.mapping.place

    def at(self, key: str) -> Place:
        return self.mapping.at(key)

    def has(self, key: str) -> bool:
        self._asked.add(key)
        return key in self.mapping

    def wrong(self, key: str, what: Text, remedy: Text) -> None:
        self.problems.add(self.at(key), what, remedy)

    def _missing(self, key: str, example: str) -> None:
        self.wrong(
            key,
            Text(f"缺少“{key}”", f"'{key}' is missing"),
            Text(f"加上一行，例如 {key}: {example}。", f"Add a line such as {key}: {example}."),
        )

    def word(self, key: str, *, default: str | None = None, allowed: Iterable[str] | None = None) -> str:
        """A single word or line of text; with `allowed`, one of those words."""
        self._asked.add(key)
        if key not in self.mapping:
            if default is None:
                self._missing(key, next(iter(allowed), "…") if allowed else "…")
                return ""
            return default
        value = self.mapping[key]
        if isinstance(value, Mapping_ | Sequence_) or value is None:
            self.wrong(
                key,
                Text(f"“{key}”应是一个词", f"'{key}' must be a single word"),
                Text("写成 键: 词。", "Write it as key: word."),
            )
            return default or ""
        word = str(value)
        if allowed is not None and word not in (known := list(allowed)):
            meant = nearest(word, known)
            self.wrong(
                key,
                Text(f"“{key}”不认识“{word}”", f"'{key}' does not know '{word}'"),
                Text(
                    f"可用：{'、'.join(known)}" + (f"；是不是“{meant}”？" if meant else "。"),
                    f"Use one of: {', '.join(known)}." + (f" Did you mean '{meant}'?" if meant else ""),
                ),
            )
            return default or known[0]
        return word

    def day(self, key: str) -> date | None:
        """A day such as 2025-03-01, or None where none is written."""
        written = self.optional(key)
        if written is None:
            return None
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.wrong(
                key,
                Text(f"“{written}”不是日期", f"'{written}' is not a date"),
                Text("写成 2025-03-01。", "Write it as 2025-03-01."),
            )
            return None

    def optional(self, key: str) -> str | None:
        return self.word(key) if self.has(key) else None

    def number(self, key: str, *, default: int) -> int:
        self._asked.add(key)
        value = self.mapping.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(
                key,
                Text(f"“{key}”应是整数", f"'{key}' must be a whole number"),
                Text(f"例如 {key}: {default}。", f"For instance {key}: {default}."),
            )
            return default
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        self._asked.add(key)
        value = self.mapping.get(key, default)
        if not isinstance(value, bool):
            self.wrong(
                key,
                Text(f"“{key}”应是 true 或 false", f"'{key}' must be true or false"),
                Text(f"例如 {key}: true。", f"For instance {key}: true."),
            )
            return default
        return value

    def text(self, key: str, *, default: Text | None = None) -> Text:
        """A text in both languages: {zh: …, en: …}."""
        self._asked.add(key)
        if key not in self.mapping:
            if default is not None:
                return default
            self._missing(key, "{zh: …, en: …}")
            return Text("", "")
        value = self.mapping[key]
        if not isinstance(value, Mapping_):
            self.wrong(
                key,
                Text(f"“{key}”只有一种语言", f"'{key}' is in one language only"),
                Text(
                    f"写成 {key}: {{zh: {value}, en: …}}。",
                    f"Write {key}: {{zh: {value}, en: …}}.",
                ),
            )
            return Text(str(value), str(value))
        entry = Entry(value, self.problems)
        text = Text(zh=entry.word("zh"), en=entry.word("en"))
        entry.done()
        return text

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words; absent means empty."""
        self._asked.add(key)
        value = self.mapping.get(key, ())
        if value is None or isinstance(value, str | Mapping_):
            self.wrong(
                key,
                Text(f"“{key}”应是一列词", f"'{key}' must be a list of words"),
                Text(f"写成 {key}: [词, 词]。", f"Write {key}: [word, word]."),
            )
            return ()
        return tuple(str(word) for word in value)

    def word_lists(self, key: str) -> Mapping[str, tuple[str, ...]]:
        """A mapping from words to lists of words; absent means empty."""
        self._asked.add(key)
        value = self.mapping.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping_):
            self.wrong(
                key,
                Text(f"“{key}”应是“键: [词, 词]”", f"'{key}' must be 'key: [word, word]'"),
                Text("逐键写一列词。", "Give a list of words for each key."),
            )
            return {}
        entry = Entry(value, self.problems)
        return {name: entry.words(name) for name in value}

    def entry(self, key: str) -> Entry | None:
        """A nested mapping, or None when absent."""
        self._asked.add(key)
        value = self.mapping.get(key)
        if value is None:
            return None
        if not isinstance(value, Mapping_):
            self.wrong(
                key,
                Text(f"“{key}”下应是“键: 值”", f"'{key}' must hold 'key: value'"),
                Text("换行、缩进后逐键写。", "Indent below it and write key by key."),
            )
            return None
        return Entry(value, self.problems)

    def entries(self, key: str) -> Iterator[Entry]:
        """The mappings of a list under `key`; absent means none."""
        self._asked.add(key)
        value = self.mapping.get(key)
        if value is None:
            return
        if not isinstance(value, Sequence_):
            self.wrong(
                key,
                Text(f"“{key}”应是一列条目", f"'{key}' must be a list of entries"),
                Text("每条以“- ”开头。", "Begin each entry with '- '."),
            )
            return
        for place, one in zip(value.places, value, strict=True):
            if isinstance(one, Mapping_):
                yield Entry(one, self.problems)
            else:
                self.problems.add(
                    place,
                    Text(f"“{key}”的条目应是“键: 值”", f"an entry of '{key}' must be 'key: value'"),
                    Text("例如 - {key: …}。", "For instance - {key: …}."),
                )

    def done(self) -> None:
        """Report keys that nobody asked for: a misspelt key must not be ignored silently."""
        for key in self.mapping:
            if key not in self._asked:
                asked = sorted(self._asked)
                listed = Text(f"可用的键：{'、'.join(asked)}。", f"Known keys: {', '.join(asked)}.")
                self.wrong(key, Text(f"不认识的键“{key}”", f"unknown key '{key}'"), meant_or(key, self._asked, listed))


def top_entry(path: Path, problems: Problems, *, shown_as: str | None = None) -> Entry:
    """Open a declaration file as an `Entry`."""
    return Entry(read_yaml(path, shown_as=shown_as), problems)
