#!/usr/bin/env python3
"""Check an export of a SkyShield ledger with nothing of SkyShield: python verify_ledger.py EXPORT VKEY [CHECKPOINT].

EXPORT is the folder, VKEY the verifier key as the mission gave it, CHECKPOINT a checkpoint published earlier. Needs
Python 3.11 and the package `cryptography`. Leaves with 0 if all is as it was signed, 1 if not.
Formats: RFC 6962, and c2sp.org/signed-note, /tlog-checkpoint and /tlog-tiles.
"""
import base64
import hashlib
import pathlib
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def require(holds, what):
    if not holds:
        sys.exit(f"NOT VALID: {what}")


def checkpoint(path, vkey):
    """Return size and root of a checkpoint that the key signed."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    require(key[:1] == b"\x01" and hashlib.sha256(f"{name}\n".encode() + key).hexdigest()[:8] == key_id,
            "the verifier key is not one")
    text, _, lines = path.read_bytes().decode().rpartition("\n\n")
    text += "\n"
    signatures = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines()
                  if line.startswith(f"— {name} ")]
    signatures = [raw[4:] for raw in signatures if raw[:4].hex() == key_id]
    require(signatures, f"{path.name} is not signed by the key")
    for signature in signatures:  # raises InvalidSignature
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, text.encode())
    origin, size, root = text.splitlines()[:3]
    require(origin == name, f"{path.name} is another log's")
    return int(size), base64.b64decode(root)


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def add(peaks, hashed, size):
    """Add a leaf's hash to the roots of the full subtrees of a tree of so many leaves, largest first."""
    while size & 1:
        hashed, size = node(peaks.pop(), hashed), size >> 1
    peaks.append(hashed)


def root_over(peaks):
    if not peaks:
        return hashlib.sha256(b"").digest()
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node(peak, root)
    return root


def path_of(kind, number, width):
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.insert(0, f"x{number % 1000:03d}")
    return f"tile/{kind}/{'/'.join(groups)}" + ("" if width == 256 else f".p/{width}")


def main(folder, vkey, published=None):
    folder = pathlib.Path(folder)
    size, root = checkpoint(folder / "checkpoint", vkey)
    old, old_root = checkpoint(pathlib.Path(published), vkey) if published else (0, root_over([]))
    require(old <= size, f"{old - size} records are gone since the published checkpoint")
    peaks, done = [], 0
    while done < size:
        width = min(256, size - done)
        bundle = (folder / path_of("entries", done // 256, width)).read_bytes()
        tile = (folder / path_of(0, done // 256, width)).read_bytes()
        at = 0
        for i in range(width):
            require(done != old or root_over(peaks) == old_root, "the published checkpoint had other records")
            (length,) = struct.unpack_from(">H", bundle, at)
            hashed = hashlib.sha256(b"\x00" + bundle[at + 2:at + 2 + length]).digest()
            require(tile[32 * i:32 * i + 32] == hashed, f"record {done} was changed")
            at += 2 + length
            add(peaks, hashed, done)
            done += 1
        require(at == len(bundle) and len(tile) == 32 * width, f"more than {width} records before {done}")
    require(done != old or root_over(peaks) == old_root, "the published checkpoint had other records")
    require(root_over(peaks) == root, "the records are not those that were signed")
    print(f"valid: {size} records, root {base64.b64encode(root).decode()}")


if __name__ == "__main__":
    require(len(sys.argv) in (3, 4), "give EXPORT VKEY [CHECKPOINT]")
    try:
        main(*sys.argv[1:])
    except (InvalidSignature, OSError, ValueError, struct.error, IndexError) as error:
        require(False, f"{type(error).__name__} {error}")
