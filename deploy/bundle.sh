#!/usr/bin/env bash
# One folder to carry into a network without any other: the wheel of Guatu, every locked package, what to read, and install.sh.
#   deploy/bundle.sh [FOLDER]          (run it where packages can be fetched, on the same system and Python as the site's)
set -euo pipefail
cd "$(dirname "$0")/.."
into=${1:-dist/bundle}
rm -rf "$into"
mkdir -p "$into/wheels"
make wheel
.venv/bin/pip download --quiet --require-hashes --no-deps -r requirements/base.txt -d "$into/wheels"
# Two small packages come as source alone; this is what they are built with.
.venv/bin/pip download --quiet --no-deps setuptools wheel -d "$into/wheels"
cp dist/guatu-*.whl "$into/wheels/"
cp requirements/base.txt "$into/requirements.txt"
cp -r deploy/systemd deploy/proxy deploy/roles.sh .env.sample LICENSE "$into/"
mkdir "$into/docs"
cp docs/how-to/run-a-site*.md docs/how-to/back-up-and-restore*.md docs/how-to/install-without-a-network*.md docs/reference/settings.md "$into/docs/"
cat > "$into/install.sh" <<'SH'
#!/usr/bin/env bash
# Install Guatu from this folder alone, into /opt/guatu or the folder given. Nothing is fetched.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-/opt/guatu}
(cd "$here" && sha256sum --quiet --check SHA256SUMS)
"${PYTHON:-python3}" -m venv "$to"
"$to/bin/pip" install --quiet --no-index --find-links "$here/wheels" --require-hashes -r "$here/requirements.txt"
"$to/bin/pip" install --quiet --no-index --no-deps "$here"/wheels/guatu-*.whl
echo "装好了 · installed: $to/bin/guatu"
SH
chmod +x "$into/install.sh"
(cd "$into" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
echo "$into: $(ls "$into/wheels" | wc -l) packages, $(du -sh "$into" | cut -f1)"
