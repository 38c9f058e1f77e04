"""Ports of this machine for servers that tests and measurements start."""

import socket
import time


def free_ports(count: int) -> list[int]:
    """Numbers that nobody listens on, all different."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def free_port() -> int:
    """A number that nobody listens on."""
    return free_ports(1)[0]


def listened(port: int, seconds: float = 60) -> None:
    """Waits until somebody listens on a port. Raises AssertionError when nobody does in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on {port}")
