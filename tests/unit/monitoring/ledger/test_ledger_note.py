"""Notes, checkpoints and keys against published ones."""

import pytest

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.note import (
    WITNESS,
    Note,
    Signer,
    new_signer,
    parse_checkpoint,
    parse_note,
    parse_signer,
    parse_verifier,
    signed,
)

# The key and the note of the examples in the documentation of the Go package sumdb/note.
SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # noqa: S105 - a published example
VERIFIER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE = ("If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n")


def test_the_published_note_to_the_byte():
    signer = parse_signer(SECRET, "file")
    assert str(signer.verifier) == VERIFIER
    assert signer.secret() == SECRET + "\n"
    assert signed(NOTE.split("\n\n")[0] + "\n", signer) == NOTE
    note = parse_note(NOTE, "note")
    assert note.signed_by(parse_verifier(VERIFIER, "--key"))
    assert str(note) == NOTE
    assert SECRET[-20:] not in repr(signer)


def test_a_changed_note_is_not_signed():
    verifier = parse_verifier(VERIFIER, "--key")
    note = parse_note(NOTE, "note")
    assert not Note(note.text.replace("answer", "Answer"), note.signatures).signed_by(verifier)
    assert not Note(note.text, (("Other", note.signatures[0][1]),)).signed_by(verifier)
    assert not note.signed_by(new_signer("PeterNeumann").verifier)


def test_a_witness_signs_text_and_time():
    signer = new_signer("ua.example", WITNESS)
    text = "example.org/log\n1\nR1ZGK2YeXyhvQDlSoKTpsdaS0eMh5ATNg8dcNbkDvjo=\n"
    note = parse_note(f"{text}\n{signer.line(text, 1679315147)}", "")
    assert note.signed_by(signer.verifier)
    name, raw = note.signatures[0]
    assert raw[4:12] == (1679315147).to_bytes(8, "big")
    assert not Note(text, ((name, raw[:11] + b"\x00" + raw[12:]),)).signed_by(signer.verifier)
    assert not note.signed_by(Signer(new_signer("ua.example").verifier, b"").verifier)


@pytest.mark.parametrize("broken", [
    NOTE.replace("\n\n", "\n"), NOTE[:-1], NOTE.replace("— ", "- "), NOTE.replace("x08go", "x08g"),
    NOTE.replace("answer", "ans\twer"), "", "text\n\n", NOTE.replace("AM=", "AN=")])
def test_what_is_no_note(broken):
    with pytest.raises(SkyShieldError, match="no signed note"):
        parse_note(broken, "f")


@pytest.mark.parametrize("text", ["o\n01\n{}\n", "o\n1\n{}\nmore\n", "\n1\n{}\n", "o\n-1\n{}\n",
                                  "o\n1\nAAAA\n", "o\n1\n"])
def test_what_is_no_checkpoint(text):
    root = "R1ZGK2YeXyhvQDlSoKTpsdaS0eMh5ATNg8dcNbkDvjo="
    assert parse_checkpoint(Note(f"o\n1\n{root}\n", ()), "").size == 1
    with pytest.raises(SkyShieldError, match="no checkpoint"):
        parse_checkpoint(Note(text.format(root), ()), "")


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_what_is_no_name(name):
    with pytest.raises(SkyShieldError, match="name"):
        new_signer(name)
