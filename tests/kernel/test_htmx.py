"""Headers for htmx, each through a real socket: a test client would hide what a server refuses."""

import http.client
import json
import threading

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.kernel import htmx


def small_site() -> Flask:
    app = Flask("small")
    htmx.init(app)

    @app.get("/swap/<name>")
    def swap(name):
        return htmx.respond("x", reswap=name)

    @app.get("/all")
    def everything():
        return htmx.respond(
            "你好",
            status=422,
            triggers={"toast": {"text": "已保存"}},
            push_url="/exams/试卷?q=中文",
            retarget="#list",
            reselect="#part",
            reswap="outerHTML swap:1s",
        )

    @app.get("/away")
    def away():
        return htmx.redirect("/登录")

    @app.get("/asks")
    def asks():
        return "fragment" if htmx.is_fragment_request() else "page"

    return app


@pytest.fixture(scope="module")
def port():
    server = make_server("127.0.0.1", 0, small_site(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def fetch(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", path, headers=named)
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    return response


@pytest.mark.parametrize("style", sorted(htmx.SWAPS))
def test_every_swap_of_htmx_arrives(port, style):
    assert fetch(port, f"/swap/{style}").headers["HX-Reswap"] == style


def test_all_headers_arrive_together_and_chinese_does_not_cut_the_connection(port):
    answer = fetch(port, "/all")
    assert answer.status == 422
    assert answer.body.decode() == "你好"
    assert json.loads(answer.headers["HX-Trigger"]) == {"toast": {"text": "已保存"}}
    assert answer.headers["HX-Push-Url"] == "/exams/%E8%AF%95%E5%8D%B7?q=%E4%B8%AD%E6%96%87"
    assert answer.headers["HX-Retarget"] == "#list"
    assert answer.headers["HX-Reselect"] == "#part"
    assert answer.headers["HX-Reswap"] == "outerHTML swap:1s"


def test_a_redirect_is_no_3xx_because_htmx_would_not_see_it(port):
    answer = fetch(port, "/away")
    assert answer.status == 204
    assert answer.headers["HX-Redirect"] == "/%E7%99%BB%E5%BD%95"


def test_a_fragment_is_told_from_a_page(port):
    assert fetch(port, "/asks").body == b"page"
    assert fetch(port, "/asks", HX_Request="true").body == b"fragment"
    restored = fetch(port, "/asks", HX_Request="true", HX_History_Restore_Request="true")
    assert restored.body == b"page"


@pytest.mark.parametrize("value", ["beforebeginafterbegin", "nonsense", ""])
def test_an_unknown_swap_is_refused(value):
    with small_site().test_request_context("/"):
        if value == "":
            assert "HX-Reswap" not in htmx.respond("x", reswap=value).headers
            return
        with pytest.raises(ValueError, match="no swap"):
            htmx.respond("x", reswap=value)


@pytest.mark.parametrize("selector", ["#列表", "#a\r\nSet-Cookie: x"])
def test_a_selector_that_is_no_plain_ascii_is_refused(selector):
    with small_site().test_request_context("/"), pytest.raises(ValueError, match="ASCII"):
        htmx.respond("x", retarget=selector)


def test_a_url_that_is_escaped_already_stays_as_it_is():
    assert htmx.quote_url("/a%20b?c=%E4%B8%AD") == "/a%20b?c=%E4%B8%AD"
