"""The one error type: its shape, its exit codes, its journey between processes."""

import copy
import errno
import os
from multiprocessing.reduction import ForkingPickler

import pytest

from skyshield.core.errors import BAD_INPUT, FAILED, MACHINE, SkyShieldError, machine_error, one_line


def test_the_shape_and_the_codes():
    error = SkyShieldError("study.yaml: days", "is -3", "give a whole number")
    assert str(error) == "study.yaml: days: is -3; give a whole number"
    assert (error.where, error.what, error.remedy, error.exit_code) == (
        "study.yaml: days", "is -3", "give a whole number", BAD_INPUT)
    assert (FAILED, BAD_INPUT, MACHINE) == (1, 2, 3)


def test_text_of_a_file_cannot_break_the_line():
    error = SkyShieldError("a\nb", "first; second\r\n\x1b[31mthird\u2028fourth", "mend\tit")
    assert str(error) == "a b: first, second ?[31mthird fourth; mend it"
    assert str(error).count("; ") == 1


@pytest.mark.parametrize(("text", "line"), [
    ("plain", "plain"), ("  a \n\n b ", "a b"), ("\x00\x07", "??"), ("tab\there", "tab here"), ("Київ", "Київ"),
    ("\u202egnp", "?gnp"), ("lone \udcff", "lone ?"), ("", "")])
def test_one_line(text, line):
    assert one_line(text) == line


def test_one_line_has_an_end():
    assert len(one_line("x" * 10_000)) == 300
    assert one_line("x" * 10_000).endswith("…")
    assert one_line("x" * 300) == "x" * 300


@pytest.mark.parametrize("journey", [lambda e: ForkingPickler.loads(ForkingPickler.dumps(e)), copy.copy],
                         ids=["process", "copy"])
def test_it_travels_whole(journey):
    error = journey(SkyShieldError("w", "x; y", "z", MACHINE))
    assert (error.where, error.what, error.remedy, error.exit_code) == ("w", "x, y", "z", MACHINE)
    assert str(error) == "w: x, y; z"


@pytest.mark.parametrize(("number", "words", "code"), [
    (errno.ENOSPC, "the disk is full", MACHINE), (errno.EDQUOT, "the disk is full", MACHINE),
    (errno.EACCES, "permission denied", MACHINE), (errno.EPERM, "permission denied", MACHINE),
    (errno.EROFS, "permission denied", MACHINE), (errno.EIO, "Input/output error", MACHINE),
    (errno.ENAMETOOLONG, "is not a usable file name", BAD_INPUT)])
def test_faults_of_the_system(number, words, code):
    error = machine_error("out", OSError(number, os.strerror(number)))
    assert (error.where, error.what, error.exit_code) == ("out", words, code)
    assert error.remedy


def test_other_faults():
    assert machine_error("run", MemoryError()).what == "the memory is used up"
    assert machine_error("run", OSError()).what == "OSError"
    assert machine_error("run", OSError("odd")).what == "odd"
    assert machine_error("run", OSError(errno.ENOSPC, ""), "buy a disk").remedy == "buy a disk"
