"""A wheel carries what pages load: building one without it is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        gathered = Path(self.root) / "src/guatu/hub/web/static/front"
        if version != "editable" and not any(gathered.rglob("*.js")):
            raise SystemExit(
                "网页文件还没有收集：先运行 make front · run make front first: the pages' files are missing"
            )
