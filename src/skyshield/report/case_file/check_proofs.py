#!/usr/bin/env python3
"""Check that every record of a case is in the ledger, with nothing of SkyShield: python check_proofs.py VKEY.

VKEY is the verifier key as the mission gave it on paper. Needs Python 3.11 and the package `cryptography`. Leaves with
0 if all proofs hold, 1 if not. Formats: RFC 6962, and c2sp.org/signed-note, /tlog-checkpoint and /tlog-proof.
"""
import base64
import hashlib
import pathlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def signed_root(note: str, vkey: str) -> tuple[int, bytes]:
    """Return size and root of a checkpoint that the key signed; raises if it did not."""
    name, key_id, encoded = vkey.strip().split("+", 2)
    key = base64.b64decode(encoded)
    text, _, lines = note.rpartition("\n\n")
    for line in lines.splitlines():
        if line.startswith(f"— {name} "):
            raw = base64.b64decode(line.split(" ")[2])
            if raw[:4].hex() == key_id:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], (text + "\n").encode())
                size, root = text.split("\n")[1:3]
                return int(size), base64.b64decode(root)
    raise ValueError("the checkpoint is not signed by the key")


def root_from(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """Return the root that a leaf, its place and its path make (RFC 9162, section 2.1.3.2)."""
    hashed, last = hashlib.sha256(b"\x00" + leaf).digest(), size - 1
    for node in path:
        if index & 1 or index == last:
            hashed = hashlib.sha256(b"\x01" + node + hashed).digest()
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            hashed = hashlib.sha256(b"\x01" + hashed + node).digest()
        index, last = index >> 1, last >> 1
    return hashed if last == 0 else b""


def main() -> None:
    """Check every proof beside this file."""
    proofs = sorted(pathlib.Path(__file__).parent.glob("proofs/*.tlog-proof"))
    for proof in proofs:
        head, _, note = proof.read_text("utf-8").partition("\n\n")
        _, index, *path = head.splitlines()
        size, root = signed_root(note, sys.argv[1])
        leaf = proof.with_suffix(".json").read_bytes()
        made = root_from(leaf, int(index.split()[1]), size, [base64.b64decode(line) for line in path])
        if made != root or index.split()[1] != proof.stem:
            sys.exit(f"NOT VALID: {proof.name}")
    print(f"{len(proofs)} records are in the ledger that the key signed")  # noqa: T201 - what it is for


if __name__ == "__main__":
    main()
