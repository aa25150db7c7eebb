"""A case system that reads files over SFTP, with moods: a real server on a real socket."""

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Coroutine, Mapping
from pathlib import Path
from typing import Any, Self

import asyncssh

from gateway.testing.dialects import FolderSystem
from gateway.testing.foreign import Arrival, Mood

USERNAME, PASSWORD = "vaxel", "not-for-others"
HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
_LAST_WORDS_S = 1.0


class SftpSystem:
    """
    An SFTP server on a free port of this machine, to be used in a `with`.

    What it serves lies in `folder`: `in` and `svar`. MUTE does what it is told and answers no
    question and no renaming. `answers` says what it answers to a call of that name instead, at
    each of `cuts`, calls or names of files, the line breaks, and to each of `silences` it says
    nothing.
    """

    def __init__(self, folder: Path, form: str = "json", version: int = 6) -> None:
        self.inbox = FolderSystem(folder, form)
        (folder / "svar").mkdir()
        self.folder = folder
        self.answers: dict[str, Exception] = {}
        self.cuts: set[str] = set()
        self.silences: set[str] = set()
        self.ending = asyncio.Event()
        self.logins = 0
        self.authorized: str | None = None
        self.host_key = HOST_KEY
        self._version = version
        self._mood = Mood.WELL
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._open: set[asyncssh.SSHServerConnection] = set()
        self._acceptor: asyncssh.SSHAcceptor | None = None
        self.port = 0
        self._in_loop(self._listen())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.be(Mood.GONE)
        self._in_loop(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def mood(self) -> Mood:
        """How it is today."""
        return self._mood

    @property
    def settings(self) -> Mapping[str, object]:
        """What a destination needs to reach it."""
        return {**self.inbox.settings, **self.login, "folder": "/in"}

    @property
    def login(self) -> dict[str, object]:
        """How it is reached."""
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "username": USERNAME,
            "host_key": public_line(HOST_KEY),
            "password": PASSWORD,
        }

    @property
    def arrivals(self) -> list[Arrival]:
        """What lies in the folder."""
        return self.inbox.arrivals

    def case_id(self, case_number: str) -> str | None:
        """Nobody answers, so there is none to tell."""
        return self.inbox.case_id(case_number)

    def be(self, mood: Mood) -> None:
        """Change the mood; whoever still waits for a mute server is cut off."""
        before, self._mood = self._mood, mood
        self._in_loop(self._cut_off())
        if before is not Mood.GONE and mood is Mood.GONE:
            self._in_loop(self._hang_up())
        if before is Mood.GONE and mood is not Mood.GONE:
            self._in_loop(self._listen())

    def _in_loop(self, work: Coroutine[Any, Any, None]) -> None:  # it gives and takes nothing
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> None:
        self._acceptor = await asyncssh.listen(
            "127.0.0.1",
            self.port,
            server_factory=lambda: _Door(self, self._open),
            server_host_keys=[self.host_key],
            sftp_factory=lambda channel: _Folders(channel, self),
            sftp_version=self._version,
        )
        self.port = self._acceptor.get_port()

    async def _hang_up(self) -> None:
        if self._acceptor is not None:
            self._acceptor.close()
            await self._acceptor.wait_closed()

    async def _end(self) -> None:
        self.ending.set()
        # They close what they have open.
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left, timeout=_LAST_WORDS_S)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _cut_off(self) -> None:
        for connection in [*self._open]:
            connection.abort()
            await connection.wait_closed()


def public_line(key: asyncssh.SSHKey) -> str:
    """Write the public half as a route table has it."""
    return key.export_public_key().decode().strip()


class _Door(asyncssh.SSHServer):
    def __init__(self, system: SftpSystem, known: set[asyncssh.SSHServerConnection]) -> None:
        self._system = system
        self._known = known

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._known.add(conn)

    def connection_lost(self, exc: Exception | None) -> None:
        self._known.discard(self._connection)

    def password_auth_supported(self) -> bool:
        return self._system.authorized is None

    def validate_password(self, username: str, password: str) -> bool:
        return self._let_in((username, password) == (USERNAME, PASSWORD))

    def public_key_auth_supported(self) -> bool:
        return self._system.authorized is not None

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        return self._let_in(public_line(key) == self._system.authorized)

    def _let_in(self, is_known: bool) -> bool:  # noqa: FBT001 what was found, no choice
        self._system.logins += is_known
        return is_known


class _Folders(asyncssh.SFTPServer):
    def __init__(self, channel: Any, system: SftpSystem) -> None:  # asyncssh's own
        super().__init__(channel, chroot=str(system.folder).encode())
        self._system = system
        self._is_listing = False

    async def scandir(self, path: bytes) -> AsyncIterator[asyncssh.SFTPName]:
        await self._answer("scandir")
        self._is_listing = True
        async for name in super().scandir(path):
            yield name
        self._is_listing = False

    async def lstat(self, path: bytes) -> Any:  # whatever the disk tells
        if not self._is_listing:
            await self._answer("lstat")
        return super().lstat(path)

    async def mkdir(self, path: bytes, attrs: asyncssh.SFTPAttrs) -> None:
        await self._answer("mkdir")
        super().mkdir(path, attrs)

    async def read(self, file_obj: Any, offset: int, size: int) -> Any:  # what the disk has, gives
        await self._answer("read")
        if os.path.basename(os.fsdecode(file_obj.name)) in self._system.cuts:
            self.channel.get_connection().abort()
        return super().read(file_obj, offset, size)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        await self._answer("write", data)
        return int(super().write(file_obj, offset, data))  # type: ignore[arg-type] # not async

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        super().rename(oldpath, newpath)
        await self._answer("rename")

    async def _answer(self, call: str, data: bytes = b"") -> None:
        if call in self._system.cuts:
            self.channel.get_connection().abort()
        if call in self._system.answers:
            raise self._system.answers[call]
        mood = self._system.mood
        if mood is Mood.BUSY:
            raise asyncssh.SFTPNoSpaceOnFilesystem("No space left on device")
        if mood is Mood.STRICT and call == "write":
            # Whoever repeats these words lets personal data out.
            raise asyncssh.SFTPFileCorrupt(f"will not take {data.decode(errors='replace')}")
        is_mute = mood is Mood.MUTE and call in {"lstat", "rename"}
        if is_mute or call in self._system.silences:
            await self._system.ending.wait()
