"""Make a scenario self-contained: one JSON text that travels and is hashed."""

import functools
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from skyshield.catalogue import Catalogue
from skyshield.core.errors import SkyShieldError
from skyshield.raids import Fit
from skyshield.scenario.model import Scenario
from skyshield.theatre import Theatre

FORM = 3
PARTS = ("scenario", "fit", "catalogue", "theatre")
WORDING = ("title", "question", "pairs")  # of a scenario, and ...
OPTION_WORDING = ("label", "short")  # ... of its options: what a report says, not what is played
ENTRY_WORDING = ("label", "note", "source", "date")  # of an entry of the catalogue
# Subjects of the catalogue that compiling never reads: what strategy, bounds, evidence and monitoring say over a study.
NOT_PLAYED = ("coalition", "monitoring", "patrol_checks", "proposal", "public_anchors", "response",
              "strategy")


@dataclass(frozen=True)
class Resolved:
    """A scenario with its fit, catalogue and theatre inside, and no path.

    Attributes
    ----------
    json
        Canonical JSON: ``form, scenario, fit, catalogue, theatre``.
    sha256
        Of `json`.
    options
        Names in the scenario's order.
    baseline
        The option that differences are taken to.
    """

    json: str
    sha256: str
    options: tuple[str, ...]
    baseline: str

    def parts(self) -> tuple[Scenario, Fit, Catalogue, Theatre]:
        """Return the parts, rebuilt from the text when first asked for.

        Raises
        ------
        SkyShieldError
            If another version of the program wrote it.
        """
        return self._parts

    @functools.cached_property
    def _parts(self) -> tuple[Scenario, Fit, Catalogue, Theatre]:
        content = json.loads(self.json)
        if content.get("form") != FORM:
            raise SkyShieldError("resolved scenario", f"has the form {content.get('form')}, not {FORM}",
                                 "run the study again with this version, in a new folder or with --force")
        return (Scenario.model_validate(content["scenario"]), Fit.from_dict(content["fit"]),
                Catalogue.from_dict(content["catalogue"]), Theatre.from_dict(content["theatre"]))

    @property
    def days(self) -> int:
        """Days that the scenario is played."""
        return int(self.parts()[0].days)

    @functools.cached_property
    def played_sha256(self) -> str:
        """The hash of all that decides what is played, part of every study key.

        Left out are the wording of scenario, options and entries of the catalogue, its sources, and the subjects that
        compiling never reads (`NOT_PLAYED`): a question asked of a stored study needs no new one.

        Examples
        --------
        >>> from skyshield.catalogue import load_catalogue
        >>> from skyshield.raids.fit import embedded_fit
        >>> from skyshield.scenario import load
        >>> from skyshield.theatre import load_theatre
        >>> scenario, rest = load("month"), (load_catalogue(), load_theatre(), embedded_fit())
        >>> one = resolve(scenario, *rest)
        >>> other = resolve(scenario.model_copy(update={"title": "My own title"}), *rest)
        >>> one.sha256 == other.sha256, one.played_sha256 == other.played_sha256
        (False, True)
        """
        return hashlib.sha256(canonical(self._played()).encode()).hexdigest()

    def part_sha256(self) -> dict[str, str]:
        """Return the hash of each part; that of the scenario leaves its wording out, and its days, in the manifest."""
        content = self._played()
        for name in ("days", "of_days"):
            content["scenario"].pop(name, None)
        return {name: hashlib.sha256(canonical(content[name]).encode()).hexdigest() for name in PARTS}

    def _played(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.json)
        for name in WORDING:
            content["scenario"].pop(name, None)
        for option in content["scenario"]["options"]:
            for name in OPTION_WORDING:
                option.pop(name, None)
        content["catalogue"] = {subject: {key: {name: value for name, value in fields.items()
                                                if name not in ENTRY_WORDING} for key, fields in entries.items()}
                                for subject, entries in content["catalogue"]["subjects"].items()
                                if subject not in NOT_PLAYED}
        return content


def canonical(content: Any) -> str:
    """Return the one JSON text of plain data.

    Examples
    --------
    >>> canonical({"b": 1, "a": [1.5]})
    '{"a":[1.5],"b":1}'
    """
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def resolve(scenario: Scenario, catalogue: Catalogue, theatre: Theatre, fit: Fit) -> Resolved:
    """Put everything a study depends on into one text; options stay a list, for their order is the engine's."""
    texts = {"catalogue": canonical(catalogue.to_dict()), "fit": canonical(fit.to_dict()), "form": canonical(FORM),
             "scenario": canonical(scenario.model_dump(mode="json", exclude_none=True)),
             "theatre": canonical(theatre.to_dict())}  # in the order that canonical text has
    text = "{" + ",".join(f'"{name}":{part}' for name, part in texts.items()) + "}"
    result = Resolved(text, hashlib.sha256(text.encode()).hexdigest(),
                      tuple(option.name for option in scenario.options), scenario.baseline)
    # What the text would give again, without reading the long parts of it.
    vars(result)["_parts"] = (Scenario.model_validate_json(texts["scenario"]), Fit.from_dict(json.loads(texts["fit"])),
                              catalogue.in_order(), theatre)
    return result
