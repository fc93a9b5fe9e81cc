"""Read scenarios: shipped ones by name, the user's by path."""

import os
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from skyshield.core.errors import SkyShieldError
from skyshield.core.files import read_yaml
from skyshield.scenario.model import Scenario

LIBRARY = Path(__file__).parent / "library"
DEFAULT = "skyshield"


def library() -> tuple[str, ...]:
    """Return the names of the shipped scenarios.

    Examples
    --------
    >>> "skyshield" in library()
    True
    """
    return tuple(sorted(path.stem for path in LIBRARY.glob("*.yaml")))


def load(path: str | os.PathLike[str]) -> Scenario:
    """Read and validate a scenario, a shipped one by its name or a file by its path.

    Raises
    ------
    SkyShieldError
        With the path of the first field at fault; how many more there are is said.

    Examples
    --------
    >>> load("skyshield").baseline
    'own'
    """
    text = os.fspath(path)
    if text in library():
        return parse(read_yaml(LIBRARY / f"{text}.yaml"), f"{text}.yaml")
    if not text.strip() or (not Path(text).suffix and not Path(text).exists()):
        there = [name for ending in (".yaml", ".yml") if text.strip() and Path(name := f"{text}{ending}").is_file()]
        meant = f"did you mean {there[0]}? Or " if there else ""
        raise SkyShieldError(f"scenario {text!r}", "is neither a shipped scenario nor a file",
                             f"{meant}choose from {', '.join(library())} or give the path of a YAML file")
    return parse(read_yaml(text), text)


def parse(content: Any, where: str) -> Scenario:
    """Validate plain data as a scenario; options are a mapping from name to option."""
    if not isinstance(content, dict):
        raise SkyShieldError(where, "is not a mapping of fields",
                             "start from the file that 'skyshield scenario new FILE' writes")
    options = content.get("options")
    if isinstance(options, dict):
        for name, body in options.items():
            if isinstance(body, dict) and "name" in body:
                raise SkyShieldError(f"{where}: options.{name}.name", "is not a known key",
                                     "remove it, the option's name is the key it stands under")
        named = [{**body, "name": name} if isinstance(body, dict) else body for name, body in options.items()]
        content = {**content, "options": named}
    elif options is not None:
        raise SkyShieldError(f"{where}: options", "is not a mapping from name to option",
                             "write each option's name with a colon, and its fields below it")
    try:
        return Scenario.model_validate(content)
    except ValidationError as error:
        from skyshield.scenario.faults import one_line

        raise one_line(error, where, list(options or {})) from None


def dump(scenario: Scenario) -> dict[str, Any]:
    """Return plain data that `parse` reads back to the same scenario.

    Examples
    --------
    >>> parse(dump(load("skyshield")), "again") == load("skyshield")
    True
    """
    content = scenario.model_dump(mode="json", exclude_none=True)
    content["options"] = {option.pop("name"): option for option in content["options"]}
    return content
