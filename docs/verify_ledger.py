"""Check an export of a SkyShield ledger with nothing of SkyShield: python verify_ledger.py EXPORT VKEY [CHECKPOINT].

EXPORT is the folder, VKEY the verifier key as the mission gave it, CHECKPOINT a checkpoint published earlier. Needs
Python 3.11 and `cryptography`. Leaves with 0 if all that is there is as it was signed, 1 if not. What may be left out:
lines of disclosed.jsonl. Formats: RFC 6962, c2sp.org/signed-note, /tlog-checkpoint and /tlog-tiles.
"""
import base64
import functools
import hashlib
import json
import pathlib
import struct
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

def require(holds, what):
    if not holds:
        sys.exit(f"NOT VALID: {what}")

def signed(path, vkey):
    """Return the lines of a note that the key signed."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded)
    require(key[:1] == b"\x01" and hashlib.sha256(f"{name}\n".encode() + key).hexdigest()[:8] == key_id,
            "the verifier key is not one")
    text, _, lines = path.read_bytes().decode().rpartition("\n\n")
    signatures = [base64.b64decode(line.split(" ")[2]) for line in lines.splitlines() if line.startswith(f"— {name} ")]
    signatures = [raw[4:] for raw in signatures if raw[:4].hex() == key_id]
    require(signatures, f"{path.name} is not signed by the key")
    for signature in signatures:  # raises InvalidSignature
        Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature, f"{text}\n".encode())
    return text.split("\n")

def checkpoint(path, vkey):
    origin, size, root = signed(path, vkey)[:3]
    require(origin == vkey.split("+")[0], f"{path.name} is another log's")
    return int(size), base64.b64decode(root)

def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()

def root_over(peaks):
    """Return the root over full subtrees, the largest first."""
    return functools.reduce(lambda root, peak: node(peak, root), peaks[::-1]) if peaks else hashlib.sha256(b"").digest()

def full(hashes):
    half = len(hashes) // 2
    return node(full(hashes[:half]), full(hashes[half:])) if half else hashes[0]

def content(folder, kind, number, width):
    groups, rest = [f"{number % 1000:03d}"], number // 1000
    while rest:
        groups, rest = [f"x{rest % 1000:03d}", *groups], rest // 1000
    return (folder / f"tile/{kind}/{'/'.join(groups)}{'' if width == 256 else f'.p/{width}'}").read_bytes()

def main(folder, vkey, published=None):
    folder = pathlib.Path(folder)
    size, root = checkpoint(folder / "checkpoint", vkey)
    old, old_root = checkpoint(pathlib.Path(published), vkey) if published else (0, root_over([]))
    require(old <= size, f"{old - size} records are gone since the published checkpoint")
    agreement = hashlib.sha256((folder / "agreement.yaml").read_bytes()).hexdigest()
    require(f"agreement {agreement}" in signed(folder / "about", vkey), "agreement.yaml is not the one that was signed")
    disclosed = folder / "disclosed.jsonl"
    lines = map(json.loads, disclosed.open("rb") if disclosed.exists() else ())
    told, peaks, done, hashes, level = next(lines, None), [], 0, [], 1
    while done < size:
        width, number, at, leaves = min(256, size - done), done // 256, 0, []
        bundle, tile = content(folder, "entries", number, width), content(folder, 0, number, width)
        for i in range(width):
            leaf = bundle[at + 2:at + 2 + struct.unpack_from(">H", bundle, at)[0]]
            leaves.append(hashlib.sha256(b"\x00" + leaf).digest())
            require(tile[32 * i:32 * i + 32] == leaves[i], f"record {done} was changed")
            here, told = (told["fields"], next(lines, None)) if told and told["number"] == done else ({}, told)
            for name, part in here.items():
                text = json.dumps(part["value"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
                digest = hashlib.sha256(bytes.fromhex(part["salt"]) + text.encode()).hexdigest()
                require(json.loads(leaf)[name]["sha256"] == digest, f"what is disclosed of record {done} was changed")
            peak, rest, at, done = leaves[i], done, at + 2 + len(leaf), done + 1
            while rest & 1:
                peak, rest = node(peaks.pop(), peak), rest >> 1
            peaks.append(peak)
            require(done != old or root_over(peaks) == old_root, "the published checkpoint had other records")
        require(at == len(bundle) and len(tile) == 32 * width, f"more than {width} records before {done}")
        hashes += [full(leaves)] if width == 256 else []
    require(root_over(peaks) == root and told is None, "the records are not those that were signed")
    while hashes:
        tiles = [hashes[at:at + 256] for at in range(0, len(hashes), 256)]
        for number, tile in enumerate(tiles):
            require(content(folder, level, number, len(tile)) == b"".join(tile), f"tile {level}/{number} was changed")
        level, hashes = level + 1, [full(tile) for tile in tiles if len(tile) == 256]
    print(f"valid: {size} records, root {base64.b64encode(root).decode()}")

if __name__ == "__main__":
    require(len(sys.argv) in (3, 4), "give EXPORT VKEY [CHECKPOINT]")
    try:
        main(*sys.argv[1:])
    except (InvalidSignature, OSError, ValueError, LookupError, TypeError, AttributeError, struct.error) as error:
        require(False, f"{type(error).__name__} {error}")
