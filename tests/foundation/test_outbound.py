"""The guarded door, asked over real sockets on 127.0.0.1; what must not be opened is watched at the socket itself."""

import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation import outbound
from tests.foundation.fake_service import FakeService, Reply

JSON = ("application/json",)
HOSTS = frozenset({"posts.example", "other.example"})
# Seconds: far beyond every limit that is set here, however slow the machine, and less than what is waited for in vain.
SOON, IN_VAIN = 30, 60
# A certificate that nobody trusts, made for these tests and good for nothing else.
CERTIFICATE = Path(__file__).parents[1] / "data" / "tls" / "posts.example.pem"


@pytest.fixture
def platform():
    with FakeService() as platform:
        yield platform


@pytest.fixture
def connections(monkeypatch):
    """Every address that a socket is opened to, noted before it is opened."""
    opened = []
    real = socket.create_connection

    def note(address, *arguments, **options):
        opened.append(address)
        return real(address, *arguments, **options)

    monkeypatch.setattr(socket, "create_connection", note)
    return opened


@pytest.fixture
def names(monkeypatch):
    """A resolver of our own: {name: [addresses]}, and how often each name was looked up."""
    known, asked = {}, []
    real = socket.getaddrinfo

    def look_up(host, port, *arguments, **options):
        if host[0].isdigit():
            return real(host, port, *arguments, **options)
        asked.append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    known["asked"] = asked
    return known


def get(platform, path="/tweet", **options):
    options = {"hosts": HOSTS, "content_types": JSON, "local_origin": platform.origin, "time_limit": SOON, **options}
    return outbound.get(platform.origin + path, **options)


def test_an_answer_comes_back_whole(platform):
    platform.replies("tweet", Reply(body=b'{"a": 1}', content_type="application/json; charset=utf-8"))
    answer = get(platform, "/tweet?url=https%3A%2F%2Fx.com%2Fa")
    assert answer.body == b'{"a": 1}'
    assert answer.content_type == "application/json"
    assert platform.requests[0].query == {"url": "https://x.com/a"}


def test_an_answer_that_ends_with_the_connection_comes_back_whole(platform):
    """Most servers close the connection as we ask them to, and may give no length."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    platform.replies("tweet", Reply(raw=head + b"[" + b"1," * 50_000 + b"1]"))
    assert len(get(platform).body) == 100_003


def test_an_answer_in_chunks_comes_back_whole(platform):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    platform.replies("tweet", Reply(raw=head + b"2\r\n{}\r\n1\r\n \r\n0\r\n\r\n"))
    assert get(platform).body == b"{} "


def test_chunks_beyond_the_limit_are_refused(platform):
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    platform.replies("tweet", Reply(raw=head + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 5))
    with pytest.raises(outbound.TooLarge):
        get(platform)


def test_no_cookie_credential_or_compression_is_asked_for(platform):
    platform.replies("tweet", Reply(body=b"{}"))
    get(platform)
    sent = platform.requests[0].headers
    assert sent["Accept-Encoding"] == "identity"
    assert not {"Cookie", "Authorization", "Referer"} & set(sent)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "not an address",
    ],
)
def test_addresses_that_not_everybody_can_reach_are_not_public(address):
    assert not outbound.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_addresses_of_the_internet_are_public(address):
    assert outbound.is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_hidden_in_ipv6_is_judged_like_itself(address):
    assert outbound.is_public(f"::ffff:{address}") == outbound.is_public(str(address))


PRIVATE = ["10.0.0.0/8", "127.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "192.168.0.0/16", "fc00::/7", "fe80::/10"]


@given(st.sampled_from(PRIVATE).map(ipaddress.ip_network), st.data())
def test_no_address_of_a_private_network_is_public(network, data):
    offset = data.draw(st.integers(0, network.num_addresses - 1))
    assert not outbound.is_public(str(network[offset]))


@pytest.mark.parametrize("private", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"])
def test_a_name_that_points_inside_opens_no_socket(names, connections, private):
    names["posts.example"] = [private]
    with pytest.raises(outbound.Refused):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON)
    assert connections == []


def test_one_private_address_among_public_ones_refuses_the_name(names, connections):
    names["posts.example"] = ["93.184.216.34", "127.0.0.1"]
    with pytest.raises(outbound.Refused):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON)
    assert connections == []


def test_without_the_guard_the_socket_would_be_opened(names, connections, monkeypatch):
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    names["posts.example"] = ["127.0.0.1"]
    with pytest.raises(outbound.Unreachable):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON)
    assert connections == [("127.0.0.1", 443)]


def test_the_checked_address_is_the_one_connected_to(names, connections, monkeypatch):
    """The name is looked up once: one that turns private between check and connection gains nothing."""
    names["posts.example"] = ["93.184.216.34"]
    monkeypatch.setattr(socket, "create_connection", _refusing(connections))
    with pytest.raises(outbound.Unreachable):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON)
    assert names["asked"] == ["posts.example"]
    assert connections == [("93.184.216.34", 443)]


def test_the_next_address_is_tried_when_one_does_not_answer(names, connections, monkeypatch):
    names["posts.example"] = ["93.184.216.34", "93.184.216.35"]
    monkeypatch.setattr(socket, "create_connection", _refusing(connections))
    with pytest.raises(outbound.Unreachable):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON)
    assert [address for address, _ in connections] == ["93.184.216.34", "93.184.216.35"]


def _refusing(noted):
    def connect(address, timeout):
        noted.append(address)
        raise ConnectionRefusedError

    return connect


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/o",
        "https://posts.example.evil.example/o",
        "https://evilposts.example/o",
        "http://posts.example/o",
        "https://posts.example:8443/o",
        "https://posts.example@evil.example/o",
        "https://user:secret@posts.example/o",
        "https://127.0.0.1/o",
        "https://[::1]/o",
        "https://[::1/o",
        "https://posts.example:x/o",
        "ftp://posts.example/o",
        "file:///etc/passwd",
        "gopher://posts.example/",
        "//posts.example/o",
        "posts.example",
        "",
    ],
)
def test_every_other_address_is_refused_before_its_name_is_looked_up(names, connections, address):
    names.update({"posts.example": ["93.184.216.34"], "evil.example": ["93.184.216.34"]})
    with pytest.raises(outbound.Refused):
        outbound.get(address, hosts=HOSTS, content_types=JSON)
    assert names["asked"] == []
    assert connections == []


def test_one_redirect_is_followed(platform):
    platform.replies("tweet", Reply(status=302, headers={"Location": "/moved?a=1"}))
    platform.replies("moved", Reply(body=b"{}"))
    assert get(platform).body == b"{}"
    assert [request.path for request in platform.requests] == ["/tweet", "/moved"]


def test_a_second_redirect_is_refused(platform):
    platform.replies("tweet", Reply(status=302, headers={"Location": "/tweet"}))
    with pytest.raises(outbound.Refused):
        get(platform)
    assert len(platform.requests) == 2


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:1/o",
        "http://localhost/o",
        "https://127.0.0.1/o",
        "https://169.254.169.254/latest/meta-data/",
        "https://evil.example/o",
        "//evil.example/o",
        "file:///etc/passwd",
        "https://[::1/",
    ],
)
def test_a_redirect_out_of_the_list_is_refused_without_a_socket(platform, connections, location):
    platform.replies("tweet", Reply(status=302, headers={"Location": location}))
    with pytest.raises(outbound.Refused):
        get(platform)
    assert connections == [("127.0.0.1", int(platform.origin.rpartition(":")[2]))]


def test_a_redirect_to_a_listed_name_that_points_inside_is_refused(platform, connections, names):
    names["posts.example"] = ["10.0.0.7"]
    platform.replies("tweet", Reply(status=301, headers={"Location": "https://posts.example/o"}))
    with pytest.raises(outbound.Refused):
        get(platform)
    assert len(connections) == 1


def test_a_redirect_to_nowhere_is_a_bad_answer(platform):
    platform.replies("tweet", Reply(status=302))
    with pytest.raises(outbound.BadAnswer):
        get(platform)


def test_a_server_that_never_answers_is_given_up_in_time(platform):
    platform.replies("tweet", Reply(seconds_before=IN_VAIN, body=b"{}"))
    started = time.monotonic()
    with pytest.raises(outbound.TooSlow):
        get(platform, time_limit=0.3)
    assert time.monotonic() - started < SOON


def test_a_body_that_drips_is_given_up_in_time(platform):
    platform.replies("tweet", Reply(body=b"x" * 20 * IN_VAIN, seconds_per_byte=0.05))
    started = time.monotonic()
    with pytest.raises(outbound.TooSlow):
        get(platform, time_limit=0.4)
    assert time.monotonic() - started < SOON


def test_headers_that_drip_are_given_up_in_time():
    """Each byte comes within any socket's own time-out: only a limit on the whole ends it."""
    with _DrippingServer() as origin:
        started = time.monotonic()
        with pytest.raises(outbound.TooSlow):
            outbound.get(f"{origin}/o", hosts=HOSTS, content_types=JSON, local_origin=origin, time_limit=0.4)
        assert time.monotonic() - started < SOON


class _DrippingServer:
    def __enter__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self):
        connection, _ = self._socket.accept()
        with connection:
            try:
                for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 20 * IN_VAIN:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.05)
            except OSError:
                pass

    def __exit__(self, *exception):
        self._thread.join(timeout=5)
        self._socket.close()


def test_a_resolver_that_hangs_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: time.sleep(IN_VAIN))
    started = time.monotonic()
    with pytest.raises(outbound.TooSlow):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON, time_limit=0.2)
    assert time.monotonic() - started < SOON


@pytest.mark.parametrize("honest", [True, False])
def test_an_answer_beyond_the_limit_is_refused(platform, honest):
    body = b"x" * (outbound.SIZE_LIMIT + 1)
    headers = {} if honest else {"Content-Length": "", "Transfer-Encoding": "identity"}
    platform.replies("tweet", Reply(body=body, headers=headers))
    with pytest.raises(outbound.TooLarge):
        get(platform)


def test_an_answer_at_the_limit_is_taken(platform):
    platform.replies("tweet", Reply(body=b"x" * outbound.SIZE_LIMIT))
    assert len(get(platform).body) == outbound.SIZE_LIMIT


def test_fifty_megabytes_are_not_read(platform):
    platform.replies("tweet", Reply(headers={"Content-Length": str(50 * 1024 * 1024)}))
    started = time.monotonic()
    with pytest.raises(outbound.TooLarge):
        get(platform)
    assert time.monotonic() - started < SOON


def test_another_kind_of_content_is_a_bad_answer(platform):
    platform.replies("tweet", Reply(body=b"<html>", content_type="text/html"))
    with pytest.raises(outbound.BadAnswer) as caught:
        get(platform)
    assert caught.value.status == 200


def test_a_compressed_answer_is_not_unpacked(platform):
    platform.replies("tweet", Reply(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(outbound.BadAnswer):
        get(platform)


@pytest.mark.parametrize("status", [201, 204, 400, 401, 403, 404, 410, 429, 500, 503])
def test_the_status_of_a_refusal_is_told(platform, status):
    platform.replies("tweet", Reply(status=status))
    with pytest.raises(outbound.BadAnswer) as caught:
        get(platform)
    assert caught.value.status == status


@pytest.mark.parametrize("raw", [b"not http at all\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n"])
def test_what_is_no_http_is_a_bad_answer(platform, raw):
    platform.replies("tweet", Reply(raw=raw))
    with pytest.raises(outbound.BadAnswer):
        get(platform)


def test_a_broken_connection_is_unreachable(platform):
    platform.replies("tweet", Reply(raw=b""))
    with pytest.raises((outbound.Unreachable, outbound.BadAnswer)):
        get(platform)


def test_a_port_where_nobody_listens_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        origin = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(outbound.Unreachable):
        outbound.get(f"{origin}/o", hosts=HOSTS, content_types=JSON, local_origin=origin)


def test_a_shortened_address_is_read_without_following_it(platform, connections):
    platform.replies("tco", Reply(status=301, headers={"Location": "https://anywhere.example/page"}))
    address = outbound.destination(f"{platform.origin}/tco/a", hosts=HOSTS, local_origin=platform.origin)
    assert address == "https://anywhere.example/page"
    assert len(connections) == 1


def test_the_local_origin_is_no_licence_for_its_neighbours(platform, connections):
    with pytest.raises(outbound.Refused):
        outbound.get("http://127.0.0.1:1/o", hosts=HOSTS, content_types=JSON, local_origin=platform.origin)
    assert connections == []


@pytest.fixture
def https_server(names, monkeypatch):
    """posts.example and other.example stand on this machine, with a certificate for the first."""
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    names.update({"posts.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    listener = socket.create_server(("127.0.0.1", 0))
    real = socket.create_connection

    def connect(address, timeout):
        return real(("127.0.0.1", listener.getsockname()[1]), timeout)

    monkeypatch.setattr(socket, "create_connection", connect)

    def serve():
        try:
            connection, _ = listener.accept()
            with connection, context.wrap_socket(connection, server_side=True) as secure:
                secure.recv(4096)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{}")
        except OSError:
            pass  # the client did not trust us

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield
    listener.close()
    thread.join(timeout=5)


def _trust(monkeypatch):
    trusting = ssl.create_default_context(cafile=CERTIFICATE)
    monkeypatch.setattr(ssl, "create_default_context", lambda: trusting)


def test_an_encrypted_answer_comes_back_whole(https_server, monkeypatch):
    _trust(monkeypatch)
    assert outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON).body == b"{}"


def test_a_certificate_that_nobody_trusts_is_not_believed(https_server):
    with pytest.raises(outbound.Unreachable):
        outbound.get("https://posts.example/o", hosts=HOSTS, content_types=JSON)


def test_a_certificate_for_another_name_is_not_believed(https_server, monkeypatch):
    _trust(monkeypatch)
    with pytest.raises(outbound.Unreachable):
        outbound.get("https://other.example/o", hosts=HOSTS, content_types=JSON)


def test_a_form_is_sent_once_with_its_fields_and_the_answers_headers_are_told():
    with FakeService() as service:
        service.replies("comment-check", Reply(body=b"true", content_type="text/plain", headers={"X-Tip": "discard"}))
        answer = outbound.post(
            f"{service.origin}/1.1/comment-check",
            {"words": "größe & more = 1+1"},
            hosts=HOSTS,
            content_types=("text/plain",),
            local_origin=service.origin,
        )
        assert (answer.body, answer.headers.get("x-tip")) == (b"true", "discard")
        assert len(service.requests) == 1
        assert service.forms("comment-check") == [{"words": "größe & more = 1+1"}]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_was_sent_goes_nowhere_else(status):
    with FakeService() as service:
        headers = {"Location": f"{service.origin}/1.1/elsewhere"}
        service.replies("comment-check", Reply(status=status, headers=headers))
        with pytest.raises(outbound.Refused):
            outbound.post(
                f"{service.origin}/1.1/comment-check",
                {"words": "x"},
                hosts=HOSTS,
                content_types=("text/plain",),
                local_origin=service.origin,
            )
        assert len(service.requests) == 1


@pytest.mark.parametrize("url", ["http://posts.example/x", "https://elsewhere.example/x", "https://127.0.0.1/x"])
def test_a_form_is_sent_to_no_address_that_could_not_be_asked(url, connections):
    with pytest.raises(outbound.Refused):
        outbound.post(url, {"words": "x"}, hosts=HOSTS, content_types=("text/plain",))
    assert connections == []
