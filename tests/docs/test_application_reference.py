"""The reference page of the application says what its API and its table of levers say.

Tried against mutations: a route left out of the page; a lever's range changed in the page.
"""

from support.tools import loaded

TOOL = loaded("make_application_reference")


def test_the_page_is_what_the_program_says_of_itself():
    assert TOOL.PAGE.read_text("utf-8") == TOOL.page(), "run make reference"


def test_every_address_says_what_it_does():
    silent = [line for line in TOOL.addresses(TOOL.schema()) if line.rstrip().endswith(":")]
    assert silent == []
