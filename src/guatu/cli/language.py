"""Which language the terminal speaks: `--lang`, else GUATU_LANG, else the locale; Chinese unless it says English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guatu.text import Language


def chosen_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    for position, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return _language(argument.removeprefix("--lang="))
        if argument == "--lang" and position + 1 < len(arguments):
            return _language(arguments[position + 1])
    for name in ("GUATU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return _language(environment[name])
    return "zh"


def _language(word: str) -> Language:
    return "en" if word.lower().startswith("en") else "zh"
