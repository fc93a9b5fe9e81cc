"""The pages on a mission's design and the inspection game: they print what they show.

Tried to fail: a value, a share of the base rates and a field's name changed in the pages. Each fails a test.
"""

import json
import re
import shlex
from pathlib import Path

from skyshield.monitoring.base_rates import rates_content, read_agreements
from skyshield.monitoring.mission.model import MEANS, Budget, Design, Means, Sector
from support.command_line import parsed

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO, GAME = DOCS / "how-to/design-a-mission.md", DOCS / "explanation/inspection-game.md"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def test_the_designs_of_the_page(tmp_path, forked):
    first, small, *_ = blocks(HOW_TO, "text")
    (tmp_path / "design.yaml").write_text(first, "utf-8")
    (tmp_path / "small.yaml").write_text(small, "utf-8")
    content = parsed(forked("monitor", "design", "design.yaml", "--json", cwd=tmp_path))
    used = {row["what"].removesuffix(" is used"): row["holds"] for row in content["conclusions"]}
    assert [means for means in MEANS if used[means] == "in every case"] == ["camera", "array"]
    assert content["gap"] <= 0.001 and f"value {content['value']:.4f}"[:10] in HOW_TO.read_text("utf-8")
    (tmp_path / "plan.json").write_text(json.dumps(content), "utf-8")
    asked = next(line for line in blocks(HOW_TO, "text")[-1].splitlines() if " game " in line)
    assert forked(*shlex.split(asked)[1:], cwd=tmp_path).returncode == 0
    content = parsed(forked("monitor", "design", "small.yaml", "--json", cwd=tmp_path))
    assert [row["units"]["patrol"] for row in content["sectors"]] == [1, 4, 4] and round(content["value"], 4) == 1.4503


def test_every_field_of_a_design_is_described():
    described = set(re.findall(r"`(\w+)`", HOW_TO.read_text("utf-8")))
    assert {name for model in (Budget, Design, Means, Sector) for name in model.model_fields} - described <= {"name"}
    assert set(MEANS) <= described


def test_the_games_of_the_page_print_what_is_shown(forked):
    shown = [block for block in blocks(GAME, "console") if " game " in block]
    assert len(shown) == 3
    for block in shown:
        command, *lines = block.splitlines()
        printed = forked(*shlex.split(command.removeprefix("$ "))[1:]).stdout.splitlines()
        assert [line for line in lines if line != "..." and line not in printed] == []


def test_the_base_rates_of_the_page(data_dir):
    content = rates_content(read_agreements(data_dir / "agreements/pax_all_agreements.csv"))
    text = " ".join(GAME.read_text("utf-8").split())
    every, ours = content["all"], content["ukraine"]
    interval = f"{every['lo']:.3f} to {every['hi']:.3f}"
    assert f"{every['k']} of {every['n']}, a share of {every['share']:.3f} ({interval})" in text
    assert f"none of {ours['n']} on Ukraine (0 to {ours['hi']:.3f})" in text
