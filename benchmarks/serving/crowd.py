"""
Several clients at once, in processes of their own: `ask` starts them and adds up what they saw. A client sends the same
few bytes over again on one connection and reads the answer to its end; what it does beside is as little as can be.
"""

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from tests.system.engines import PROJECT

PROCESSES, CONNECTIONS = 2, 4  # of each process


@dataclass
class Seen:
    requests: int = 0
    seconds: float = 0.0
    waited: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def ask(
    ports: list[int],
    requests: list[dict],
    *,
    host: str,
    seconds: float = 0.0,
    times: int = 0,
    statuses: tuple[int, ...] = (200,),
) -> Seen:
    """
    For so many seconds, or so many times in all. `requests` are paths and headers; each client goes through all of them
    in turn, beginning elsewhere, and the ports are shared out among the clients.
    """
    plan = {
        "ports": ports,
        "requests": [_bytes(host, **each).decode() for each in requests],
        "seconds": seconds,
        "times": -(-times // (PROCESSES * CONNECTIONS)),
        "statuses": statuses,
    }
    crowd = []
    for number in range(PROCESSES):
        command = [sys.executable, "-m", "benchmarks.serving.crowd", json.dumps(plan | {"number": number})]
        crowd.append(subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True))
    seen = Seen()
    for process in crowd:
        told = json.loads(process.communicate()[0] or '{"trouble": "a client died"}')
        if "trouble" in told:
            raise SystemExit(f"The crowd: {told['trouble']}")
        seen.requests += len(told["waited"])
        seen.seconds = max(seen.seconds, told["seconds"])
        seen.waited += told["waited"]
    return seen


def _bytes(host: str, *, path: str, headers: dict[str, str] | None = None) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in (headers or {}).items())]
    return "\r\n".join([*lines, "", ""]).encode()


class Client(threading.Thread):
    def __init__(self, plan: dict, number: int, trouble: list[str]):
        super().__init__(daemon=True)
        self.plan, self.number, self.trouble = plan, number, trouble
        self.requests = [request.encode() for request in plan["requests"]]
        self.statuses = [str(status).encode() for status in plan["statuses"]]
        self.waited: list[float] = []
        self.buffer = bytearray(1 << 18)

    def run(self) -> None:
        port = self.plan["ports"][self.number % len(self.plan["ports"])]
        ends = time.perf_counter() + self.plan["seconds"]
        place = self.number * len(self.requests) // (PROCESSES * CONNECTIONS)
        try:
            connection = _connected(port)
            while len(self.waited) < self.plan["times"] or time.perf_counter() < ends:
                began = time.perf_counter()
                request = self.requests[place % len(self.requests)]
                try:
                    self.one(connection, request)
                except ConnectionError:
                    # A server may end a connection between two answers (RFC 9112, 9.3.1), but not a new one.
                    connection.close()
                    connection = _connected(port)
                    self.one(connection, request)
                self.waited.append(time.perf_counter() - began)
                place += 1
            connection.close()
        except (OSError, ValueError) as error:
            self.trouble.append(f"port {port}: {error!r}")

    def one(self, connection: socket.socket, request: bytes) -> None:
        connection.sendall(request)
        told = b""
        while (end := told.find(b"\r\n\r\n")) < 0:
            if not (more := connection.recv(65536)):
                raise ConnectionError("The server hung up")
            told += more
        head = told[:end].lower()
        if told[9:12] not in self.statuses:
            raise ValueError(f"{request[:200]!r} was answered {told[:12]!r}")
        if told[9:12] == b"304":
            return
        place = head.find(b"\r\ncontent-length:")
        if place < 0:
            raise ValueError(f"{request[:200]!r} was answered without a length")
        left = int(head[place + 17 :].split(b"\r\n", 1)[0]) - (len(told) - end - 4)
        while left > 0:
            got = connection.recv_into(self.buffer, min(left, len(self.buffer)))
            if not got:
                raise ConnectionError("The server hung up")
            left -= got


def _connected(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def main() -> None:
    plan = json.loads(sys.argv[1])
    trouble: list[str] = []
    clients = [Client(plan, plan["number"] * CONNECTIONS + number, trouble) for number in range(CONNECTIONS)]
    began = time.perf_counter()
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    seconds = time.perf_counter() - began
    waited = [each for client in clients for each in client.waited]
    print(json.dumps({"trouble": trouble[0]} if trouble else {"seconds": seconds, "waited": waited}))


if __name__ == "__main__":
    main()
