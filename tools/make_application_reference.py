"""Write the reference page of the application: its addresses from OpenAPI, its levers from their table.

``python tools/make_application_reference.py`` writes ``docs/reference/application.md``; ``--check`` writes nothing and
fails if the page differs from what the program says of itself.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from skyshield.app.door import Keys
from skyshield.app.folder import Folder
from skyshield.app.levers import rows
from skyshield.app.pipe import Worker
from skyshield.app.server import routed
from skyshield.app.services import Services

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "application.md"
WARNING = "<!-- Written by tools/make_application_reference.py from src/skyshield/app. Edit routes and levers.yaml. -->"
HEAD = """# The application: addresses and levers

`skyshield app --json` prints `{url, token, port, pid}`. A browser opens `url`; a script sends
`Authorization: Bearer TOKEN` to `http://127.0.0.1:PORT` with each request, but for `/healthz`. The whole of the API, in
a form that programs read, stands at `/openapi.json`. Words are those of the [glossary](glossary.md).

A refusal has a status from 400 on and the body `{"where": ..., "what": ..., "remedy": ...}`. Bodies are
`application/json` of at most 1 MiB; a scenario is sent as `application/yaml` of at most 32 MiB.

A **setting** is a scenario's name and `set`, which maps a PATH to a value as the scenario's file would hold it:
`options.region.rules.standoff_russia` to `"150 km"`, `options.region.packages.0.aircraft` to `48`, `days` to `10`; null
leaves the field out. In an address it is `?scenario=month&set=PATH=VALUE&set=...`, so that a link gives the same view;
`left=PATH=VALUE` says what the last move moved it from, `left=PATH` that it was as shipped.
"""


def schema() -> dict[str, Any]:
    """Return what the application says of its API."""
    with tempfile.TemporaryDirectory() as path, Folder(Path(path)) as folder:
        result: dict[str, Any] = routed(Services(folder, Keys(1), Worker())).openapi()
        return result


def _fields(content: Mapping[str, Any], api: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a JSON body: name, type and default."""
    reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    model = api.get("components", {}).get("schemas", {}).get(reference.rpartition("/")[2], {})
    needed = model.get("required", ())
    for name, field in model.get("properties", {}).items():
        kinds = [one.get("type", "") for one in field.get("anyOf", [field])]
        default = "" if name in needed or "default" not in field else f" = {field['default']!r}"
        yield f"`{name}` {' or '.join(kind for kind in kinds if kind and kind != 'null')}{default}"


def addresses(api: Mapping[str, Any]) -> Iterator[str]:
    """Yield one line a method and path."""
    for path, methods in sorted(api["paths"].items()):
        for method, one in methods.items():
            says = " ".join(one.get("description", "").split())
            query = ", ".join(f"`{p['name']}`" for p in one.get("parameters", ()) if p["in"] == "query")
            body = "; ".join(_fields(one.get("requestBody", {}).get("content", {}), api))
            yield (f"- `{method.upper()} {path}`: {says}" + (f" Query: {query}." if query else "")
                   + (f" Body: {body}." if body else ""))


def lever_rows() -> Iterator[str]:
    """Yield the table of levers."""
    content = rows()
    yield "| of | field | label | range | unit |"
    yield "| --- | --- | --- | --- | --- |"
    for section, levers in content.items():
        for lever in levers if isinstance(levers, list) else ():
            ends = f"{lever['low']:g} to {lever['high']:g}" if "low" in lever else lever.get("kind", "")
            yield (f"| {section} | `{lever['field']}` | {lever.get('label', '')} | {ends} | "
                   f"{lever.get('unit', '')} |")


def page() -> str:
    """Return the page."""
    return "\n".join([WARNING, "", HEAD, "## Addresses", "", *addresses(schema()), "", "## Levers", "",
                      "A lever of `assumptions` takes its range, unit and source from the catalogue.", "",
                      *lever_rows(), ""])


def main() -> int:
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")
    if not parser.parse_args().check:
        PAGE.write_text(page(), "utf-8")
        return 0
    if PAGE.read_text("utf-8") == page():
        return 0
    print(f"{PAGE.name} is out of date: run python tools/make_application_reference.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
