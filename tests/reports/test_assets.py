"""Nothing but the report's own assets can be loaded: each probe would work with the engine's own fetcher."""

import http.server
import threading
from functools import partial

import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from reports.assets import AssetsOnly, registered
from reports.engine import RenderingFailed
from reports.engine import print_html as print_as

print_html = partial(print_as, variant="pdf/a-3a")


@pytest.fixture
def secret(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_text("the other client's password")
    return file


@pytest.fixture
def requests_seen():
    """A real server on this machine that notes what is asked of it."""
    seen = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()


def test_the_probe_itself_works_with_the_engine_s_own_fetcher(secret):
    content = HTML(string=f'<link rel="attachment" href="{secret.as_uri()}">').write_pdf(uncompressed_pdf=True)
    assert b"the other client's password" in content


@pytest.mark.parametrize("markup", [
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    '<img src="{}">',
    '<object data="{}"></object>',
    '<link rel="stylesheet" href="{}">',
    '<style>@import url("{}")</style>',
    '<p style="background: url({})">x</p>',
    '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style><p>x</p>',
])  # fmt: skip
def test_a_local_file_is_never_read(secret, markup):
    with pytest.raises(RenderingFailed, match=r"secret\.txt, which is not one of its own assets"):
        print_html(markup.format(secret.as_uri()))


@pytest.mark.parametrize("markup", ['<img src="{}/x.png">', '<link rel="stylesheet" href="{}/x.css">'])
def test_no_request_leaves_the_machine(requests_seen, markup):
    address, seen = requests_seen
    HTML(string=markup.format(address)).write_pdf()
    assert len(seen) == 1
    with pytest.raises(RenderingFailed):
        print_html(markup.format(address))
    assert len(seen) == 1


@pytest.mark.parametrize("url", [
    "data:text/plain,x", "ftp://localhost/x", "asset:", "asset:../report.css", "ASSET:report.css", "asset:report.css?x",
    "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "/etc/passwd",
])  # fmt: skip
def test_every_other_address_stops_the_rendering(url):
    with pytest.raises(FatalURLFetchingError):
        AssetsOnly().fetch(url)


def test_the_registered_assets_are_served_as_what_they_are():
    served = {url: AssetsOnly().fetch(url) for url in registered()}
    assert {url: answer.content_type for url, answer in served.items()} == {
        "asset:report.css": "text/css",
        "asset:fragments.css": "text/css",
        "asset:shell.css": "text/css",
        "asset:draft.css": "text/css",
        "asset:draft.svg": "image/svg+xml",
    }
    assert all(answer.read() for answer in served.values())
