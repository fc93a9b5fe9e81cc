"""The reference page of the application says what its API and its table of levers say.

Tried against mutations: a route left out of the page; a lever's range changed in the page.
"""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "tools/make_application_reference.py"
SPEC = importlib.util.spec_from_file_location("make_application_reference", FILE)
TOOL = importlib.util.module_from_spec(SPEC)
sys.modules[SPEC.name] = TOOL
SPEC.loader.exec_module(TOOL)


def test_the_page_is_what_the_program_says_of_itself():
    assert TOOL.PAGE.read_text("utf-8") == TOOL.page(), "run make reference"


def test_every_address_says_what_it_does():
    silent = [line for line in TOOL.addresses(TOOL.schema()) if line.rstrip().endswith(":")]
    assert silent == []
