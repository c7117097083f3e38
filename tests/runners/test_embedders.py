"""Plugged-in embedders: a real HTTP server on this machine that serves the bundled model."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from qalqan.errors import InputError, SettingsError
from qalqan.runners.embedders import AddressEmbedder, FolderEmbedder, open_embedder
from qalqan.science.rumours.merge import bundled_embedder, judge_pairs

TEXTS = ["В городе отключат воду", "Қалада су өшіріледі", "The market is open"]


class Server(BaseHTTPRequestHandler):
    short = False

    def do_POST(self):
        wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/embeddings" or self.headers.get("Authorization") == "Bearer wrong":
            self.send_error(401)
            return
        vectors = bundled_embedder().embed(wanted["input"]) * 3.0
        rows = [{"index": at, "embedding": v.tolist()} for at, v in enumerate(vectors)]
        body = json.dumps({"data": rows[:-1] if self.short else rows[::-1]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stay silent."""


@pytest.fixture
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_gives_the_same_vectors_in_order(address):
    found = open_embedder(address, model="e5").embed(TEXTS)
    np.testing.assert_allclose(found, bundled_embedder().embed(TEXTS), atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)


def test_judging_with_a_plugged_in_model(address):
    one, two = judge_pairs(
        [TEXTS[0], TEXTS[0]], [TEXTS[1], TEXTS[2]], embedder=AddressEmbedder(address)
    )
    assert one.probability > two.probability


def test_a_refusal_and_a_short_answer_are_told(address, monkeypatch):
    with pytest.raises(SettingsError, match="answered 401"):
        AddressEmbedder(address, key="wrong").embed(TEXTS)
    monkeypatch.setattr(Server, "short", True)
    with pytest.raises(SettingsError, match="2 vectors for 3 texts"):
        AddressEmbedder(address).embed(TEXTS)


def test_nobody_there(address):
    with pytest.raises(SettingsError, match="does not answer"):
        AddressEmbedder("http://127.0.0.1:9/v1", timeout=2).embed(TEXTS)


def test_what_is_no_embedder_is_refused(tmp_path):
    with pytest.raises(InputError, match="http"):
        open_embedder("ftp://example.org")
    with pytest.raises(InputError, match=r"modules\.json"):
        FolderEmbedder(tmp_path)
