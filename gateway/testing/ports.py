"""Ports on 127.0.0.1 for servers that are started a moment later."""

import secrets
import socket
from itertools import islice

# Below those that systems give to outgoing connections by themselves (Linux from 32768 on, others
# from 49152): what is free there now may be the end of somebody's connection a moment later.
_PORTS = range(16_384, 32_768)


def free_ports(count: int) -> list[int]:
    """Find so many ports that nobody listens on now; raises OSError when there are too few."""
    shuffled = secrets.SystemRandom().sample(_PORTS, len(_PORTS))
    found = [*islice(filter(_is_free, shuffled), count)]
    if len(found) < count:
        raise OSError(f"fewer than {count} ports are free from {_PORTS[0]} to {_PORTS[-1]}")
    return found


def free_port() -> int:
    """Find a port that nobody listens on now; raises OSError when there is none."""
    [port] = free_ports(1)
    return port


def _is_free(port: int) -> bool:
    try:
        # As servers do it: a connection that has just ended here is in nobody's way.
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True
