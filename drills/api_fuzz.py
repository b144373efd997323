"""Ask the API of a running site everything its description allows and much that it does not; nothing may fail or answer otherwise.

    python drills/api_fuzz.py [--examples 200] [--seed 1] [--port 0] [--database postgresql://USER@HOST/NAME] [--who sun,zhou,li]

Requests are made by schemathesis from the description, with the tokens of the three administrators and of somebody who may
only look; in phases: boundary values, generated bodies, and chains of operations. All checks are on but one
(`positive_data_acceptance`): a right shape may still be refused for what is there, as a unit that is not.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.hub.live import Site, live_site

CHECKS_LEFT_OUT = "positive_data_acceptance"
ENDS_ITSELF = "tokens.revoke"
"""The operation with which a program would lock itself out early in the run; asked at the end, by somebody else."""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("--examples", 200), ("--seed", 1), ("--port", 0), ("--workers", 2)):
        asked.add_argument(name, type=int, default=default)
    asked.add_argument("--database", default="")
    asked.add_argument("--who", default="sun,zhou,li")
    told = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        live_site(Path(folder), database=told.database, port=told.port, workers=told.workers) as site,
    ):
        codes = [
            fuzz(site, who, told.examples, told.seed, Path(folder), "--exclude-operation-id", ENDS_ITSELF)
            for who in told.who.split(",")
        ]
        codes.append(fuzz(site, "wang", told.examples, told.seed, Path(folder), "--include-operation-id", ENDS_ITSELF))
        log = (Path(folder) / "site.log").read_text(encoding="utf-8", errors="replace")
    failed = [line for line in log.splitlines() if '"level": "error"' in line]
    print(f"errors in the site's log: {len(failed)}")
    for line in failed[:10]:
        print(f"  {line[:2000]}")
    return 1 if failed or any(codes) else 0


def fuzz(site: Site, who: str, examples: int, seed: int, folder: Path, *which: str) -> int:
    print(f"\n== as {who}", flush=True)
    (folder / "api_fuzz_hooks.py").write_bytes((Path(__file__).parent / "api_fuzz_hooks.py").read_bytes())
    return subprocess.run(
        [
            str(Path(sys.executable).parent / "schemathesis"), "run", f"{site.base}/api/openapi.json",
            "--header", f"Authorization: Bearer {site.tokens[who]}",
            "--checks", "all", "--exclude-checks", CHECKS_LEFT_OUT,
            "--max-examples", str(examples), "--seed", str(seed), "--continue-on-failure", "--no-shrink",
            "--suppress-health-check", "all", "--no-color", *which,
        ],
        cwd=folder,
        env=site.environment | {"SCHEMATHESIS_HOOKS": "api_fuzz_hooks", "PYTHONPATH": str(folder)},
    ).returncode  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
