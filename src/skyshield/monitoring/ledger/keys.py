"""Where private keys lie: never in the ledger's folder, readable by their owner only."""

import contextlib
import os
from pathlib import Path

from skyshield.core.errors import SkyShieldError, machine_error
from skyshield.core.files import read_text, sync_directory, write_bytes
from skyshield.monitoring.ledger.note import Signer, Verifier, parse_signer

_MODE = 0o600


def key_folder() -> Path:
    """Return the folder of keys in the user's data folder."""
    import platformdirs

    return Path(platformdirs.user_data_dir("skyshield")) / "keys"


def save_key(signer: Signer, path: Path | None, ledger: Path) -> Path:
    """Write a new private key and remember where it lies; the path must be outside the ledger's folder.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file exists or lies in the ledger's folder, 3 if it cannot be written.
    """
    target = (key_folder() / f"{_name(signer.verifier)}.key" if path is None else path).absolute()
    if target.resolve().is_relative_to(ledger.resolve()):
        raise SkyShieldError(f"--key {target}", "lies in the ledger's folder", "keep the key elsewhere")
    try:
        key_folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise machine_error(str(key_folder()), error) from None
    write_secret(signer, target)
    if path is not None:
        write_bytes(_pointer(signer.verifier), f"{target}\n".encode())
    return target


def write_secret(signer: Signer, target: Path) -> None:
    """Write a private key to a new file that only its owner may read.

    Raises
    ------
    SkyShieldError
        Exit code 2 if the file exists, 3 if it cannot be written.
    """
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _MODE)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(signer.secret())
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError:
        raise SkyShieldError(f"--key {target}", "exists already", "name a new file") from None
    except (FileNotFoundError, NotADirectoryError):
        raise SkyShieldError(f"--key {target}", "there is no such folder", "make it first") from None
    except OSError as error:
        raise machine_error(str(target), error) from None
    sync_directory(target.parent)


def forget_key(signer: Signer, path: Path) -> None:
    """Remove a key that nothing was signed with."""
    for file in (path, _pointer(signer.verifier)):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def find_key(verifier: Verifier) -> Signer:
    """Return the private key of a verifier key, from where `save_key` put it.

    Raises
    ------
    SkyShieldError
        Exit code 2 if it is not there or another's.
    """
    path, pointer = key_folder() / f"{_name(verifier)}.key", _pointer(verifier)
    if not path.is_file() and pointer.is_file():
        path = Path(read_text(pointer).strip())
    if not path.is_file():
        raise SkyShieldError(str(path), f"the private key of {verifier.name} is not there", "bring it back")
    signer = parse_signer(read_text(path), str(path))
    if signer.verifier != verifier:
        raise SkyShieldError(str(path), f"holds another key than that of {verifier.name}", "bring the right one back")
    return signer


def _name(verifier: Verifier) -> str:
    return verifier.key_id.hex()


def _pointer(verifier: Verifier) -> Path:
    return key_folder() / f"{_name(verifier)}.path"
