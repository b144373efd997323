"""Free fonts that travel with Guatu: those in the `mplfonts` wheel, and Fandol where TeX has put it.

`mplfonts` carries Noto Serif CJK SC and Noto Sans CJK SC (SIL OFL). It also carries a SimHei, which is not free and is
never named by any list of ours. Fandol (GPLv3 with the document-embedding exception) has the only free 仿宋 that covers
simplified Chinese; a city that holds licences for its own fonts passes their folder instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from guatu.text import Refusal, Text


class FontsAreMissing(Refusal):
    """The wheel that carries the fonts is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "mplfonts",
            Text("找不到随软件安装的中文字体", "the Chinese fonts that come with Guatu are not there"),
            Text("重新安装：pip install mplfonts。", "Install them again: pip install mplfonts."),
        )


def _bundled() -> Path:
    found = find_spec("mplfonts")
    if found is None or not found.submodule_search_locations:
        raise FontsAreMissing
    return Path(found.submodule_search_locations[0]) / "fonts"


BUNDLED = _bundled()
SANS = BUNDLED / "NotoSansCJKsc-Regular.otf"
_FANDOL = (
    Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol"),
    Path("/usr/local/share/fonts/fandol"),
)


def font_folders(extra: Sequence[Path] = ()) -> list[str]:
    """Folders a renderer searches, those given first."""
    return [str(folder) for folder in (*extra, *_FANDOL, BUNDLED) if folder.is_dir()]
