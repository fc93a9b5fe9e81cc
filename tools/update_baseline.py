"""Write the exact numbers of a small default study to tests/baseline/baseline.json: the one way to change them.

Usage: python tools/update_baseline.py

Say in the commit why the numbers moved: what in the model or the catalogue changed, and which figures it should and
should not have touched. The paths that moved are printed.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from skyshield.catalogue import load_catalogue
from skyshield.core.files import read_json, write_bytes
from skyshield.raids.fit import embedded_fit
from skyshield.scenario import load, resolve
from skyshield.study import compare, run
from skyshield.study.compare import options_summary, rounded
from skyshield.theatre import load_theatre

OUT = Path(__file__).parents[1] / "tests" / "baseline" / "baseline.json"
VECTORS, REPLICATIONS, DAYS, SEED = 3, 2, 5, 1


def figures() -> dict[str, Any]:
    """Play the study and return its numbers to six significant digits."""
    scenario = load("skyshield").model_copy(update={"days": DAYS})
    resolved = resolve(scenario, load_catalogue(), load_theatre(), embedded_fit())
    result = run(resolved, SEED, REPLICATIONS, vectors=VECTORS)
    content = {
        "study": {"scenario": scenario.name, "vectors": VECTORS, "replications": REPLICATIONS, "days": DAYS,
                  "seed": SEED},
        "options": options_summary(result), "paired": compare(result, resolved.baseline).rows,
        "parameters": {name: values.tolist() for name, values in result.parameters.items()},
        "failures": result.failures()}
    return rounded(content)  # type: ignore[no-any-return]


def differences(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """Yield one line a number that differs, with its path."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new}):
            yield from differences(old.get(key), new.get(key), f"{path}{'.' if path else ''}{key}")
    elif old != new:
        yield f"{path}: {json.dumps(old)} -> {json.dumps(new)}"


def text(content: Any, indent: str = "") -> str:
    """Write JSON with one line a summary, so that a change reads well."""
    if (not isinstance(content, dict) or "mcse" in content
            or not any(isinstance(value, dict | list) for value in content.values())):
        return json.dumps(content)
    lines = [f'{indent} "{key}": {text(value, indent + " ")}' for key, value in content.items()]
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}"


def main() -> int:
    """Write the file and say what moved."""
    new = figures()
    old = read_json(OUT) if OUT.exists() else {}
    moved = list(differences(old, new))
    write_bytes(OUT, (text(new) + "\n").encode())
    print(f"{OUT.name}: {len(moved)} numbers moved", *(line[:150] for line in moved[:20]), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
