"""A line with a delay: slow_line.py PORT TARGET SECONDS passes on what comes to PORT, so much later, both ways.

Each direction keeps what it has taken with the moment at which it is due. So everything arrives late and nothing
arrives slower: any number of bytes may be on the way. Connecting is not delayed, the server's greeting is.
"""

import asyncio
import socket
import sys
from collections import deque
from typing import cast

LOOPBACK = "127.0.0.1"


class End(asyncio.Protocol):
    """One end of the line: what it takes comes out at the other end, later."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.loop = asyncio.get_running_loop()
        self.other: End
        self.transport: asyncio.Transport | None = None
        self.under_way: deque[tuple[float, bytes]] = deque()  # empty bytes: the end of the connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def data_received(self, data: bytes) -> None:
        self._put(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._put(b"")

    def _put(self, data: bytes) -> None:
        due = self.loop.time() + self.delay
        self.under_way.append((due, data))
        if len(self.under_way) == 1:
            self.loop.call_at(due, self._deliver)

    def _deliver(self) -> None:
        now = self.loop.time()
        while self.under_way and self.under_way[0][0] <= now:
            self.other.put_out(self.under_way.popleft()[1])
        if self.under_way:
            self.loop.call_at(self.under_way[0][0], self._deliver)

    def put_out(self, data: bytes) -> None:
        """Let it come out here."""
        if self.transport is None:
            return
        if data:
            self.transport.write(data)
        else:
            self.transport.close()


class Entrance(End):
    """The end that a client connects to; it has the server's end made."""

    def __init__(self, delay: float, target: int) -> None:
        super().__init__(delay)
        self.target = target
        self.other = End(delay)
        self.other.other = self

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.connecting = self.loop.create_task(self.loop.create_connection(lambda: self.other, LOOPBACK, self.target))


async def serve(port: int, target: int, delay: float) -> None:
    """Pass on everything until somebody ends the process."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Entrance(delay, target), LOOPBACK, port, backlog=1024)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))
