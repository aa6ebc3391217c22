"""The key that protects what is at rest: how it is found, and the two keys made from it (secrecy, look-up)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from buurtwacht.vocabulary.errors import ConfigurationError, Fault
from buurtwacht.vocabulary.events import Handle


def new_key() -> str:
    """Return a fresh key: 32 random bytes, base64 for URLs."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


class Keyring:
    """Encrypts, and finds encrypted handles again by a keyed hash.

    `keys[0]` is the key in force; older ones only decrypt, while a database is moved to a new key.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        raw = [_decoded(key) for key in keys]
        self._fernet = MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, b"secrecy"))) for key in raw])
        self._lookup = hmac.new(_derived(raw[0], b"lookup"), digestmod=hashlib.sha256)
        #: by which events are recognised; it outlives a change of key, as what was hashed with it cannot be made anew
        self.recognition = _derived(raw[0], b"recognition")
        #: of which private links are made; with another key those before it lead nowhere
        self.links = _derived(raw[0], b"links")
        self._accounts = _derived(raw[0], b"accounts")
        #: tells one key from another without telling the key; kept in the database
        self.fingerprint = _derived(raw[0], b"fingerprint").hex()[:16]

    def seal(self, content: bytes) -> bytes:
        """Encrypt; the result is only for `unseal`."""
        return self._fernet.encrypt(content)

    def unseal(self, sealed: bytes) -> bytes:
        """Decrypt. Raises `ConfigurationError` when it was sealed with a key we do not have."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            raise wrong_key() from None

    def lookup(self, account: str, handle: Handle) -> str:
        """Return the keyed hash under which a handle of this account is found: the same person cannot be guessed
        from it without the key, although there are few telephone numbers.
        """
        digest = self._lookup.copy()
        digest.update(f"{account}\0{handle.kind}\0{handle.value}".encode())
        return digest.hexdigest()[:40]

    def of_account(self, account: str) -> bytes:
        """Return the 32 bytes with which an account signs or seals what it gives out; with another key they change."""
        return hmac.new(self._accounts, account.encode(), hashlib.sha256).digest()

    def event_key(self, account: str, key: str) -> str:
        """Return under what an event is recognised: hashed, since some messengers' names of events hold a number."""
        return hmac.digest(self.recognition, f"{account}\0{key}".encode(), "sha256").hex()[:40]


def find_key(environ: Mapping[str, str], beside: Path | None) -> str:
    """Return the key: BUURTWACHT_KEY, else the file `buurtwacht.key` beside the database, made (0600) at first start.

    Raises `ConfigurationError` when neither can be had, or when others can read the file.
    """
    given = environ.get("BUURTWACHT_KEY", "").strip()
    if given:
        _decoded(given)
        return given
    if beside is None:
        raise ConfigurationError(
            [Fault("BUURTWACHT_KEY", "is not set", "set it to the key this database was made with, or to a new one")]
        )
    path = beside / "buurtwacht.key"
    if path.exists():
        if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
            raise ConfigurationError([Fault(str(path), "can be read by others", f"run: chmod 600 {path.name}")])
        key = path.read_text().strip()
        _decoded(key, str(path))
        return key
    key = new_key()
    try:
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(key + "\n")
    except OSError as error:
        raise ConfigurationError(
            [Fault(str(path), f"cannot be written: {error.strerror}", "make the folder writable or set BUURTWACHT_KEY")]
        ) from error
    return key


def wrong_key() -> ConfigurationError:
    """Return the error for a key that is not the one this database was made with."""
    return ConfigurationError(
        [
            Fault(
                "BUURTWACHT_KEY",
                "is not the key this database was made with",
                "put back the right key (it stands in buurtwacht.key or in your backup), or use: buurtwacht db rekey",
            )
        ]
    )


def _decoded(key: str, where: str = "BUURTWACHT_KEY") -> bytes:
    try:
        raw = base64.urlsafe_b64decode(key.encode())
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise ConfigurationError([Fault(where, "is not a key of 32 bytes in base64", "remove it to have one made")])
    return raw


def _derived(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"buurtwacht " + purpose).derive(key)
