"""The files that the page is made of: what is carried along is what was fetched, and nothing points elsewhere."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

import skyshield.app
import skyshield.report

STATIC = Path(skyshield.app.__file__).parent / "static"
TEMPLATES = STATIC.parent / "templates"
REPORT = Path(skyshield.report.__file__).parent
ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(path for folder in (STATIC, TEMPLATES) for path in folder.rglob("*") if path.suffix in (
    ".js", ".css", ".svg", ".j2"))


def test_lit_html_is_what_was_fetched() -> None:
    record = json.loads((STATIC / "vendor" / "lit-html.json").read_text("utf-8"))
    module = (STATIC / "vendor" / record["file"]).read_bytes()
    assert hashlib.sha256(module).hexdigest() == record["sha256"]
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]["node_modules/lit-html"]
    assert (record["version"], record["licence"]) == (locked["version"], locked["license"])
    assert "BSD 3-Clause" in (STATIC / "vendor" / "lit-html.LICENSE.txt").read_text("utf-8")


def test_the_lock_file_names_no_host() -> None:
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text("utf-8")
    for name in ("package-lock.json", "package.json", ".npmrc"):
        text = (ROOT / name).read_text("utf-8")
        assert "resolved\"" not in text
        assert "http" not in text
        assert "registry=" not in text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_names_another_host(path: Path) -> None:
    text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "").replace("http://www.w3.org/1998/", "")
    assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text.replace("// ", ""))


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".j2" or "vendor" not in path.parts],
                         ids=lambda path: path.name)
def test_nothing_is_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    if path.suffix in (".j2", ".js"):
        assert not re.search(r"\sstyle\s*=\s*[\"'$]|<style|\son[a-z]+=[\"']|javascript:|innerHTML|\beval\(", text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", text)


def test_the_colours_and_sizes_are_those_of_the_report() -> None:
    def tokens(path: Path) -> dict[str, str]:
        root = re.search(r":root \{(.*?)\n\}", path.read_text("utf-8"), re.DOTALL)
        assert root is not None
        return dict(re.findall(r"(--[a-z0-9]+): ([^;]+);", root[1]))

    report, page = tokens(REPORT / "templates" / "skyshield.css"), tokens(STATIC / "skyshield.css")
    widths = {"--line", "--picture", "--wide"}
    assert {name: page[name] for name in report if name not in widths} == {
        name: value for name, value in report.items() if name not in widths}


def test_the_letters_are_those_of_the_report() -> None:
    for name in ("noto-sans-regular.woff2", "noto-sans-bold.woff2"):
        assert (STATIC / "fonts" / name).read_bytes() == (REPORT / "fonts" / name).read_bytes()


def test_the_modules_of_the_lab_weigh_little() -> None:
    waiting, seen = ["lab.js"], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += re.findall(r'from "\./([a-z/.-]+)"', (STATIC / name).read_text("utf-8"))
    assert "vendor/lit-html.js" in seen
    assert sum(len(gzip.compress((STATIC / name).read_bytes())) for name in seen) <= 30_000
