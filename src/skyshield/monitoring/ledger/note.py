"""Signed notes, checkpoints, witnesses' lines and keys, to the byte.

Sources: https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint, https://c2sp.org/tlog-cosignature;
keys are written as the Go package ``golang.org/x/mod/sumdb/note`` writes them.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from skyshield.core.errors import SkyShieldError
from skyshield.monitoring.ledger.tree import HASH_BYTES

LOG, WITNESS = 0x01, 0x04
"""Types of signature: Ed25519 over the text, and a witness's Ed25519 with a time."""
_DASH = "— "
_PRIVATE = "PRIVATE+KEY+"
_KEY_ID_BYTES = 4
_TIME_BYTES = 8
_TAG, _TAG_CHARACTERS = "skyshield-tag@v1", 16
_KINDS: Mapping[int, str] = {LOG: "a log", WITNESS: "a witness"}
_GIVEN: Mapping[int, str] = {LOG: "monitor init", WITNESS: "monitor cosign"}


@dataclass(frozen=True)
class Verifier:
    """A public key: its name, its type (`LOG` or `WITNESS`) and 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the SHA-256 of name, newline, type and key."""
        digest = hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.public).digest()
        return digest[:_KEY_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Tell whether the bytes after the key's id sign the text."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        message = text.encode()
        if self.kind == WITNESS:
            if len(signature) < _TIME_BYTES:
                return False
            message = _with_time(text, struct.unpack(">Q", signature[:_TIME_BYTES])[0])
            signature = signature[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key: its verifier and 32 secret bytes, which are never shown."""

    verifier: Verifier
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.verifier})"

    def line(self, text: str, time_s: int = 0) -> str:
        """Return the signature line for a text, a witness's with the time (seconds since 1970)."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.verifier.kind == WITNESS:
            signature = struct.pack(">Q", time_s) + key.sign(_with_time(text, time_s))
        else:
            signature = key.sign(text.encode())
        return f"{_DASH}{self.verifier.name} {encoded(self.verifier.key_id + signature)}\n"

    def tag(self, text: str) -> str:
        """Return 16 hexadecimal digits that only this key makes of a text, so that nobody else can try texts.

        They are the first of HMAC-SHA-256 under the key's seed.
        """
        return hmac.new(self.seed, f"{_TAG}\n{text}\n".encode(), hashlib.sha256).hexdigest()[:_TAG_CHARACTERS]

    def secret(self) -> str:
        """Return what stands in the key's file."""
        return (f"{_PRIVATE}{self.verifier.name}+{self.verifier.key_id.hex()}+"
                f"{encoded(bytes([self.verifier.kind]) + self.seed)}\n")


@dataclass(frozen=True)
class Note:
    """A signed note: its text, which ends in a newline, and (name, key id and signature) of each line."""

    text: str
    signatures: tuple[tuple[str, bytes], ...]

    def signed_by(self, verifier: Verifier) -> bool:
        """Tell whether the key signed the text; a line that names the key and is wrong counts as a no."""
        own = [signature[_KEY_ID_BYTES:] for name, signature in self.signatures
               if name == verifier.name and signature[:_KEY_ID_BYTES] == verifier.key_id]
        return bool(own) and all(verifier.accepts(self.text, signature) for signature in own)

    def __str__(self) -> str:
        return f"{self.text}\n" + "".join(f"{_DASH}{name} {encoded(signature)}\n" for name, signature in
                                          self.signatures)


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself: its origin, how many leaves, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def new_signer(name: str, kind: int = LOG) -> Signer:
    """Make a key with the system's randomness.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the name is empty or holds a space, a plus or a control character.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return _signer(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())


def parse_signer(content: str, where: str) -> Signer:
    """Read a key's file.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none.
    """
    parts = content.strip().removeprefix(_PRIVATE).split("+", 2)
    if content.startswith(_PRIVATE) and len(parts) == 3:
        raw = _decoded(parts[2])
        if raw is not None and len(raw) == 1 + HASH_BYTES and raw[0] in _KINDS:
            signer = _signer(parts[0], raw[0], raw[1:])
            if signer.verifier.key_id.hex() == parts[1]:
                return signer
    raise SkyShieldError(where, "holds no private key", "name a file that 'monitor init' or 'monitor cosign' made")


def parse_verifier(text: str, where: str, kind: int = LOG) -> Verifier:
    """Read a verifier key, ``name+id+key``, of the given type.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none.

    Examples
    --------
    >>> key = new_signer("example.org/log").verifier
    >>> parse_verifier(str(key), "--key") == key
    True
    """
    parts = text.strip().split("+", 2)
    raw = _decoded(parts[2]) if len(parts) == 3 else None
    if raw is not None and len(raw) == 1 + HASH_BYTES and raw[0] == kind:
        verifier = Verifier(_checked_name(parts[0]), kind, raw[1:])
        if verifier.key_id.hex() == parts[1]:
            return verifier
    raise SkyShieldError(where, f"is no verifier key of {_KINDS[kind]}", f"give it as '{_GIVEN[kind]}' printed it")


def parse_note(content: str, where: str) -> Note:
    """Read a signed note.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none.
    """
    text, blank, tail = content.rpartition("\n\n")
    lines = tail.split("\n")
    signatures = [_signature(line) for line in lines[:-1]]
    if (blank and lines[-1] == "" and signatures and None not in signatures
            and all(c == "\n" or c >= " " for c in content)):
        return Note(f"{text}\n", tuple(s for s in signatures if s is not None))
    raise SkyShieldError(where, "is no signed note", "give a text, an empty line and signature lines")


def parse_checkpoint(note: Note, where: str) -> Checkpoint:
    """Read a checkpoint from a note's text.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is none.
    """
    lines = note.text.split("\n")
    if len(lines) == 4 and lines[1].isascii() and lines[1].isdigit():
        root = _decoded(lines[2])
        if root is not None and len(root) == HASH_BYTES:
            result = Checkpoint(lines[0], int(lines[1]), root)
            if lines[0] and str(result) == note.text:
                return result
    raise SkyShieldError(where, "is no checkpoint", "give a note whose text is origin, size and root")


def signed(text: str, signer: Signer) -> str:
    """Return a text with the one signature of a log."""
    return f"{text}\n{signer.line(text)}"


def _signer(name: str, kind: int, seed: bytes) -> Signer:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return Signer(Verifier(_checked_name(name), kind, public), seed)


def _checked_name(name: str) -> str:
    if not name or "+" in name or any(c.isspace() or not c.isprintable() for c in name):
        raise SkyShieldError(f"name {name!r}", "is empty or holds a space or a plus",
                             "give a name such as example.org/mission")
    return name


def _signature(line: str) -> tuple[str, bytes] | None:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    raw = _decoded(encoded)
    if not line.startswith(_DASH) or not name or "+" in name or raw is None or len(raw) <= _KEY_ID_BYTES:
        return None
    return name, raw


def _with_time(text: str, time_s: int) -> bytes:
    return f"cosignature/v1\ntime {time_s}\n{text}".encode()


def encoded(raw: bytes) -> str:
    """Return bytes in base64, as notes, keys and proofs write them."""
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes | None:
    """Decode base64, only as it would be written."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if encoded(raw) == text else None
