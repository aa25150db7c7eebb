"""A session with an SFTP server: the key that was agreed on or nobody, and bounded in time."""

import asyncio
import socket
import time
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import asyncssh

from adapters.file_drop.place import Away

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Access:
    """
    How a server is reached, and how long it is waited for (seconds).

    `host_key` is a line as in a .pub file: only a server that proves it is spoken to.
    """

    host: str
    port: int
    username: str
    host_key: str
    key_file: Path | None
    password: str | None = field(repr=False)
    connect_s: float
    read_s: float


class Session:
    """
    An SFTP client whose calls block, all of them within one time.

    The library is asyncio's, where one clock can bound a whole exchange, drip by drip. Its loop
    runs only while a call does.
    """

    def __init__(
        self, runner: asyncio.Runner, access: Access, key: asyncssh.SSHKey | None
    ) -> None:
        runner.get_loop().set_exception_handler(_of_nobody)
        self._runner = runner
        self._access = access
        self._key = key
        self._until = time.monotonic() + access.read_s
        self._connection: asyncssh.SSHClientConnection | None = None

    def log_in(self, wire: socket.socket) -> asyncssh.SFTPClient:
        """Prove who is who; raises Away with what to do about it."""
        with _in_plain_words():
            self._connection = self.run(_logged_in(self._access, self._key, wire))
            return self.run(_begun(self._connection))

    def run(self, call: Coroutine[Any, Any, T]) -> T:  # what it sends and is sent is its own
        """Do it; raises TimeoutError when the time of the session is over."""
        return self._runner.run(self._bounded(call))

    def close(self) -> None:
        """Say goodbye, to whoever hears it."""
        if self._connection is not None:
            self._connection.close()
            with suppress(TimeoutError):
                self._runner.run(asyncio.wait_for(self._connection.wait_closed(), _GOODBYE_S))

    async def _bounded(self, call: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(call)
        await asyncio.wait({task}, timeout=self._until - time.monotonic())
        if task.done():
            return task.result()
        if self._connection is not None:
            # The library closes a file also when it is told to stop, and waits for the answer:
            # it must hear first that none will come.
            self._connection.abort()
        task.cancel()
        await asyncio.wait({task}, timeout=_GOODBYE_S)
        raise TimeoutError


@contextmanager
def opened(access: Access) -> Iterator[tuple[Session, asyncssh.SFTPClient]]:
    """Connect, log in, and close at the end; raises Away with what to do about it."""
    key = _own_key(access.key_file)
    with (
        closing(_connected(access)) as wire,
        asyncio.Runner() as runner,
        closing(Session(runner, access, key)) as session,
    ):
        yield session, session.log_in(wire)


# For the last words, which nobody needs.
_GOODBYE_S = 0.5


def _of_nobody(_: asyncio.AbstractEventLoop, __: dict[str, Any]) -> None:  # as asyncio has it
    """
    Say nothing of what the library still had under way when a server fell silent or hung up.

    Whoever asked has been told already; asyncio would write an error in the log for each piece.
    """


def _own_key(path: Path | None) -> asyncssh.SSHKey | None:
    try:
        return None if path is None else asyncssh.read_private_key(path)
    except OSError as error:
        raise Away(f"settings.key_file cannot be read: {error.strerror}") from None
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError):
        words = "settings.key_file is no private key, or has a passphrase; give it one without"
        raise Away(words) from None


def _connected(access: Access) -> socket.socket:
    try:
        return socket.create_connection((access.host, access.port), access.connect_s)
    except ValueError:
        raise Away("settings.host is not the name of a machine; write it as in DNS") from None
    except OSError as error:
        words = error.strerror or "nobody answers"
        raise Away(f"the SFTP server cannot be reached: {words}") from None


async def _logged_in(
    access: Access, key: asyncssh.SSHKey | None, wire: socket.socket
) -> asyncssh.SSHClientConnection:
    """Say nothing of what the account that runs us has: its keys, its agent, its trust."""
    wire.setblocking(False)
    return await asyncssh.connect(
        sock=wire,
        config=None,
        known_hosts=([asyncssh.import_public_key(access.host_key)], [], []),
        username=access.username,
        client_keys=None if key is None else [key],
        password=access.password,
        agent_path=None,
        gss_host=None,
        compression_algs=["none"],
    )


async def _begun(connection: asyncssh.SSHClientConnection) -> asyncssh.SFTPClient:
    """
    Offer the newest version: only there has a full disk a word of its own.

    Names are bytes, since one that is no UTF-8 must not hide all the others.
    """
    return await connection.start_sftp_client(path_encoding=None, sftp_version=6)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except asyncssh.HostKeyNotVerifiable:
        words = (
            "the SFTP server does not have the key in settings.host_key; ask who runs it whether "
            "it has a new one, and write that only when they say so"
        )
        raise Away(words) from None
    except asyncssh.PermissionDenied:
        words = (
            "the SFTP server does not let us in; see settings.username, settings.key_file and "
            "settings.password, and what they have on their side"
        )
        raise Away(words) from None
    except asyncssh.KeyExchangeFailed:
        words = (
            "the SFTP server has no host key of the kind in settings.host_key, or only ciphers "
            "that are no longer safe; ask who runs it"
        )
        raise Away(words) from None
    except TimeoutError:
        raise Away("the SFTP server did not let us in within the time") from None
    except (asyncssh.ChannelOpenError, asyncssh.SFTPError):
        words = "the SFTP server lets settings.username in, and gives no SFTP; ask who runs it"
        raise Away(words) from None
    except ValueError:
        words = (
            "what the SFTP server says cannot be read, or settings.username or settings.password "
            "has characters that no SSH server takes"
        )
        raise Away(words) from None
    except (asyncssh.Error, OSError):
        words = (
            "the SFTP server broke off before we were in; it is busy, or does not expect us, or "
            "has no key of the kind in settings.host_key"
        )
        raise Away(words) from None
