import io
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from multiprocessing import Pipe
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest
from pypdf import PdfReader
from pypdf.generic import StreamObject

from app.kernel import cjk_justify, fonts, pdf, pdf_child

ROOT = Path(__file__).parents[2]
MM = 72 / 25.4
AT = datetime(2026, 10, 12, 1, 30, tzinfo=UTC)
PAGE = "@page { size: A4; margin: 20mm } html { font: 10.5pt/1.7 Sans } body, p { margin: 0 }"
DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhg"
    "GAWjR9awAAAABJRU5ErkJggg=="
)
PROSE = (
    "收件规范，讲解耐心，食品经营许可手册写得实用，其他窗口照着就能用。有一份收件漏录，当面谈过"
    "（是中午交班时压下的），现已改为“收一份、录一份”，之后抽查没有再出现；下季度请把补正告知一次"
    "说全，并带徒弟把剩下三项走到独立。"
)
ENDLESS = "<table>" + "<tr><td>一<td>二<td>三" * 30_000
BOMB = """
@counter-style heap { system: additive; additive-symbols: 2 "一二三四五六七八", 1 "一" }
p::before { counter-reset: n 900000000; content: counter(n, heap) }
"""


@pytest.fixture(scope="module", autouse=True)
def prepared():
    fonts.prepare(pdf.FONTS)
    pdf.warm()
    yield
    pdf.close()


def document(body: str, style: str = PAGE, **changes) -> pdf.Document:
    given = {
        "html": f'<!DOCTYPE html><html lang="zh-CN"><body>{body}',
        "stylesheets": (style,),
        "title": "样张",
        "author": "清源区政务服务中心",
        "created_at": AT,
    }
    return pdf.Document(**given | changes)


def tool(*command: str, given: bytes) -> str:
    """Run one of the Poppler tools on a PDF, whose place among the arguments is `PDF`."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(given)
        file.flush()
        arguments = [file.name if word == "PDF" else word for word in command]
        return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout


def text_of(content: bytes) -> str:
    return re.sub(
        r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    )


def unpacked(content: bytes) -> bytes:
    """Give every object of a PDF, streams uncompressed: qpdf --qdf, as it were."""
    reader = PdfReader(io.BytesIO(content))
    objects = [reader.get_object(number) for number in range(1, len(reader.xref_objStm) + 500)]
    streams = [item.get_data() for item in objects if isinstance(item, StreamObject)]
    return b"\n".join((content, *streams, *(repr(item).encode() for item in objects)))


def words(content: bytes) -> list[SimpleNamespace]:
    """Give the words of the first page with their edges in mm; a blank ends a word."""
    found = re.findall(
        r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>',
        tool("pdftotext", "-l", "1", "-bbox", "PDF", "-", given=content),
    )
    return [
        SimpleNamespace(
            left=float(left) / MM,
            right=float(right) / MM,
            middle=(float(top) + float(bottom)) / 2 / MM,
            text=text,
        )
        for left, top, right, bottom, text in found
    ]


def rows(content: bytes) -> list[SimpleNamespace]:
    """Give the printed lines of the first page: text, and left and right edge in mm."""
    lines: list[list[SimpleNamespace]] = []
    for word in sorted(words(content), key=lambda word: word.middle):
        if not lines or word.middle - lines[-1][-1].middle > 2:
            lines.append([])
        lines[-1].append(word)
    return [
        SimpleNamespace(
            left=min(word.left for word in line),
            right=max(word.right for word in line),
            text="".join(word.text for word in sorted(line, key=lambda word: word.left)),
        )
        for line in lines
    ]


def widths(content: bytes) -> dict[str, float]:
    """Give the widths in mm of the words of a page, by their text."""
    return {word.text: word.right - word.left for word in words(content)}


def child_pid() -> int:
    return pdf._renderer._child._process.pid


def wait_until(is_true, seconds=5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_running(pid: int) -> bool:
    """A process that nobody waited for counts as ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


# PD1: nothing is read that is not bundled


@pytest.fixture(scope="module")
def canary():
    """Listen where a document must never knock."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20">'
TRIES = """
<link rel="attachment" href="{url}"><link rel="stylesheet" href="{url}">
<img src="{url}"><a rel="attachment" href="{url}">附件</a>
<iframe src="{url}"></iframe><embed src="{url}"><object data="{url}"></object>
<style>
  @import "{url}"; @import url({url});
  @font-face {{ font-family: Loot; src: url({url}), local("Noto Sans CJK SC") }}
  body {{ background: url({url}); list-style: url({url}); font-family: Loot, Sans }}
  p::after {{ content: url({url}) }}
  @page {{ background: url({url}); @top-left {{ content: url({url}) }} }}
</style>
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="50" height="20">
  <style>@import "{url}"; @font-face {{ font-family: Loot; src: url({url}) }}</style>
  <image href="{url}" width="5" height="5"/><image xlink:href="{url}" width="5" height="5"/>
  <use href="{url}#a"/><rect width="9" height="9" fill="url({url}#b)"/>
  <text y="9" font-family="Loot">图</text>
</svg>
<img src='data:image/svg+xml,{svg}<image href="{url}" width="9" height="9"/></svg>'>
<img src='data:image/svg+xml,<!DOCTYPE svg [<!ENTITY loot SYSTEM "{url}">]>
{svg}<text y="9">&amp;loot;</text></svg>'>
<p>{url}</p>
"""
HARMLESS = f"""
<link rel="attachment" href="{DOT}"><link rel="attachment" href="app:/mark.svg">
<img src="{DOT}"><img src="app:/mark.svg"><a href="https://example.org/">网页</a>
<a rel="attachment" href="{DOT}">附件</a><a href="file:///etc/passwd">文件</a>
<a href="javascript:alert(1)">脚本</a>
<form><input style="appearance: auto" name="field" value="值"></form>
"""


@pytest.fixture(scope="module")
def attack(prepared, canary, tmp_path_factory):
    """Try every way that HTML, CSS and SVG know to read a file or an address."""
    secret = tmp_path_factory.mktemp("secret") / "loot.txt"
    secret.write_text("LOOT-3f9c\n", encoding="utf-8")
    knock = f"http://127.0.0.1:{canary.getsockname()[1]}/x"
    urls = (secret.as_uri(), "file:///etc/passwd", "../../etc/passwd", knock)
    tries = "".join(TRIES.format(url=url, svg=SVG) for url in urls)
    mark = f'{SVG}<text y="15">OURS</text></svg>'.encode()
    assets = {"app:/mark.svg": ("image/svg+xml", mark)}
    body = f"<base href='file:///etc/'>{tries}{HARMLESS}"
    return pdf.render(document(body, assets=assets))


def test_hostile_html_reads_nothing_and_reaches_nobody(attack, canary):
    with pytest.raises(BlockingIOError):
        canary.accept()
    everything = unpacked(attack)
    assert b"LOOT-3f9c" not in everything
    assert b"root:x:" not in everything


def test_a_refused_file_is_named_in_the_log(caplog):
    pdf.render(document("<img src='file:///etc/passwd'>"))
    assert wait_until(lambda: "file:///etc/passwd" in caplog.text)
    assert "refused, it is not bundled" in caplog.text


def test_a_foreign_colour_profile_is_refused_though_weasyprint_cannot_go_on_without(canary):
    knock = f"http://127.0.0.1:{canary.getsockname()[1]}/x"
    with pytest.raises(pdf.PdfFailed, match="refused"):
        pdf.render(document("", f"@color-profile --loot {{ src: url({knock}) }}"))
    with pytest.raises(BlockingIOError):
        canary.accept()


def test_hostile_html_attaches_nothing(attack):
    assert tool("pdfdetach", "-list", "PDF", given=attack).strip() == "0 embedded files"
    everything = unpacked(attack)
    assert b"EmbeddedFile" not in everything
    assert b"FileAttachment" not in everything


def test_hostile_html_leaves_no_form_and_only_links_to_web_pages(attack):
    reader = PdfReader(io.BytesIO(attack))
    assert "/AcroForm" not in reader.root_object
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert {note["/A"]["/URI"] for note in notes} == {"https://example.org/"}


def test_what_is_bundled_is_drawn(attack):
    assert "OURS" in text_of(attack)
    assert "image" in tool("pdfimages", "-list", "PDF", given=attack)


def test_a_flood_of_refusals_does_not_fill_the_log(caplog):
    pdf.render(document("".join(f"<img src='file:///{n}'>" for n in range(500))))
    assert wait_until(lambda: len(caplog.records) >= pdf_child.LOG_LINES_PER_DOCUMENT)
    pdf.render(document("<img src='file:///last'>"))
    assert wait_until(lambda: "file:///last" in caplog.text)
    assert len(caplog.records) == pdf_child.LOG_LINES_PER_DOCUMENT + 1


def test_one_record_is_one_line_of_json_and_not_too_long():
    record = logging.makeLogRecord({"levelno": 30, "msg": "甲\n{}" + "x" * 9999})
    line = pdf_child.LineFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["level"] == 30
    assert len(json.loads(line)["text"]) == pdf_child.LOG_LINE_CHARACTERS


def test_only_so_many_records_pass_for_one_document():
    bound = pdf_child.Bounded()
    passed = [bound.filter(logging.makeLogRecord({})) for _ in range(60)]
    assert passed == [True] * pdf_child.LOG_LINES_PER_DOCUMENT + [False] * 10


def test_a_document_cannot_forge_a_line_of_the_log(caplog):
    pdf.render(document("<img src='app:/a%0A\n{}'>"))
    assert wait_until(lambda: caplog.records)
    assert [record.levelname for record in caplog.records] == ["ERROR"]


def test_the_child_knows_nothing_of_the_environment():
    pdf.render(document("一"))
    variables = Path(f"/proc/{child_pid()}/environ").read_text().split("\0")
    assert {variable.partition("=")[0] for variable in variables} == {"", "FONTCONFIG_FILE", "LANG"}


# PD2: endless and greedy documents


def test_an_endless_document_is_killed_and_the_next_one_is_printed():
    before = time.monotonic()
    with pytest.raises(pdf.PdfTimeout):
        pdf.render(document(ENDLESS), timeout_seconds=0.7)
    assert time.monotonic() - before < 1.5
    assert text_of(pdf.render(document("下一份"))) == "下一份"


def test_a_memory_bomb_fails_and_neither_the_parent_nor_the_next_document_suffers():
    before = pdf_child.resident_bytes()
    with pytest.raises(pdf.PdfFailed, match="memory"):
        pdf.render(document("<p>弹", BOMB))
    assert pdf_child.resident_bytes() - before < 20 << 20
    assert text_of(pdf.render(document("下一份"))) == "下一份"


def test_the_child_is_small(prepared):
    pdf.render(document(PROSE))
    statm = Path(f"/proc/{child_pid()}/statm").read_text().split()
    assert int(statm[1]) * os.sysconf("SC_PAGESIZE") < 120 << 20
    limits = Path(f"/proc/{child_pid()}/limits").read_text()
    assert re.search(r"Max address space +1073741824 +1073741824", limits)
    assert re.search(r"Max core file size +0 +0", limits)


def test_a_document_that_breaks_the_renderer_fails_with_the_reason():
    with pytest.raises(pdf.PdfFailed, match="UnicodeEncodeError"):
        pdf.render(document("<p>\ud800"))
    assert text_of(pdf.render(document("下一份"))) == "下一份"


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGKILL, pdf.PdfFailed), (signal.SIGXCPU, pdf.PdfTimeout)]
)
def test_a_child_that_is_killed_at_work_fails_its_document_only(number, error):
    # The system sends the second signal when the processor time is used up.
    pdf.render(document("一"))
    with ThreadPoolExecutor() as pool:
        printing = pool.submit(pdf.render, document(ENDLESS))
        time.sleep(0.3)
        os.kill(child_pid(), number)
        with pytest.raises(error):
            printing.result()
    assert text_of(pdf.render(document("下一份"))) == "下一份"


def test_a_child_that_dies_at_rest_is_replaced_unnoticed():
    pdf.render(document("一"))
    os.kill(child_pid(), signal.SIGKILL)
    assert wait_until(lambda: not is_running(child_pid()))
    assert text_of(pdf.render(document("下一份"))) == "下一份"


def test_whoever_waits_too_long_for_the_turn_is_told():
    with ThreadPoolExecutor() as pool:
        long = pool.submit(pdf.render, document(ENDLESS), timeout_seconds=0.8)
        time.sleep(0.1)
        with pytest.raises(pdf.PdfTimeout, match="no turn"):
            pdf.render(document("一"), timeout_seconds=0.1)
        with pytest.raises(pdf.PdfTimeout, match="not done"):
            long.result()


def test_what_is_larger_than_any_paper_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "LARGEST_DOCUMENT", 1000)
    with pytest.raises(pdf.PdfRefused):
        pdf.render(document("", assets={"app:/a.png": ("image/png", bytes(1000))}))


def test_a_document_needs_a_zone_and_asset_names_that_html_can_use():
    with pytest.raises(ValueError, match="time zone"):
        document("", created_at=datetime(2026, 10, 12))  # noqa: DTZ001
    with pytest.raises(ValueError, match="logo"):
        document("", assets={"logo.svg": ("image/svg+xml", b"")})


# The child and its parent


def test_threads_take_turns():
    with ThreadPoolExecutor(4) as pool:
        printed = list(pool.map(pdf.render, [document(f"第{n}份") for n in range(8)]))
    assert [text_of(content) for content in printed] == [f"第{n}份" for n in range(8)]


def test_the_child_outlives_the_thread_that_first_wanted_it():
    pdf.close()
    thread = threading.Thread(target=pdf.warm)
    thread.start()
    thread.join()
    first = child_pid()
    pdf.render(document("一"))
    assert child_pid() == first


@pytest.mark.parametrize(("limit", "value"), [("CHILD_MEMORY", 1), ("DOCUMENTS_PER_CHILD", 1)])
def test_a_child_is_replaced_when_it_has_grown_or_after_many_documents(monkeypatch, limit, value):
    pdf.render(document("一"))
    first = child_pid()
    monkeypatch.setattr(pdf, limit, value)
    pdf.render(document("二"))
    assert child_pid() != first
    assert not is_running(first)


def test_a_fork_prints_with_a_child_of_its_own_whatever_a_thread_was_doing():
    pdf.warm()
    mine = child_pid()
    reading, writing = os.pipe()
    with ThreadPoolExecutor() as pool:
        printing = pool.submit(pdf.render, document(ENDLESS))
        assert wait_until(pdf._renderer._turn.locked)
        fork = os.fork()
        if fork == 0:
            try:
                content = pdf.render(document("叉"))
                os.write(writing, f"{child_pid()} {text_of(content)}".encode())
                pdf.close()
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as answer:
            theirs, text = answer.read().split()
        os.waitpid(fork, 0)
        assert text == "叉"
        assert int(theirs) != mine
        # The fork has not touched our own child, which is still at work.
        assert child_pid() == mine
        pdf.close()
        with pytest.raises(pdf.PdfFailed):
            printing.result()


def test_a_connection_that_another_thread_has_closed_is_a_failure_and_the_next_prints():
    pdf.warm()
    pdf._renderer._child._connection.close()
    with pytest.raises(pdf.PdfFailed):
        pdf.render(document("一"))
    assert text_of(pdf.render(document("二"))) == "二"


def test_the_child_dies_with_its_parent_even_at_work():
    code = """
import datetime, os, threading, time
from app.kernel import pdf
pdf.warm()
document = pdf.Document(html="<table>" + "<tr><td>x" * 30000, stylesheets=(), title="", author="",
                        created_at=datetime.datetime.now(datetime.UTC))
threading.Thread(target=pdf.render, args=(document,), daemon=True).start()
time.sleep(1.5)
print(pdf._renderer._child._process.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    parent = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert parent.returncode == -signal.SIGKILL
    assert wait_until(lambda: not is_running(int(parent.stdout)))


def test_the_process_that_asks_never_loads_the_renderer():
    code = "import sys; from app.kernel import pdf; print('weasyprint' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_child_that_cannot_be_started_is_reported(monkeypatch, tmp_path):
    pdf.close()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(pdf.PdfFailed, match="can't be started"):
        pdf.render(document("一"))
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    with pytest.raises(pdf.PdfFailed, match="no fonts"):
        pdf.render(document("一"))


def test_what_a_library_says_is_logged_as_it_is(caplog):
    lines = ['{"level": 40, "text": "a\\nb"}\n', "not JSON\n", "[1]\n", "7\n"]
    with caplog.at_level(logging.WARNING):
        pdf._log(io.StringIO("".join(lines)))
    assert [record.getMessage() for record in caplog.records] == ["a\nb", "not JSON", "[1]", "7"]


# Chinese text


def justified(body: str, style: str = "p { text-align: justify }") -> bytes:
    return pdf.render(document(body, PAGE + style))


@pytest.mark.parametrize("family", ["Sans", "Serif"])
@pytest.mark.parametrize("measure", [170, 83, 41])
def test_chinese_lines_end_at_the_right_margin_and_the_last_one_stays_ragged(family, measure):
    lines = rows(
        justified(
            f"<p>{PROSE}",
            f"p {{ text-align: justify; width: {measure}mm; font-family: {family} }}",
        )
    )
    assert len(lines) > 2
    for line in lines[:-1]:
        assert line.left == pytest.approx(20, abs=0.1)
        assert line.right == pytest.approx(20 + measure, abs=0.05)
    ragged = rows(
        pdf.render(document(f"<p style='width:{measure}mm;font-family:{family}'>{PROSE}"))
    )
    assert lines[-1].right == pytest.approx(ragged[-1].right, abs=0.01)
    assert [line.text for line in lines] == [line.text for line in ragged]
    assert min(line.right for line in ragged[:-1]) < 20 + measure - 1


def test_an_indent_and_marked_words_do_not_disturb_the_right_margin():
    box = f"<span style='font-size:13pt;padding:0 2mm'>手<i>册</i></span><img src='{DOT}'>"
    body = PROSE.replace("耐心", "<b>耐心</b>").replace("手册", box)
    style = "p { text-align: justify; text-indent: 2em }"
    lines = rows(justified(f"<p><u style='position: absolute'>注</u>{body * 2}", style))
    assert len(lines) > 4
    assert lines[0].left == pytest.approx(20 + 21 / MM, abs=0.1)
    assert [line.right for line in lines[:-1]] == pytest.approx([190] * (len(lines) - 1), abs=0.2)


def test_figures_and_brackets_keep_their_inner_distances():
    body = (
        "<p style='width:120mm'>窗口窗口 20260930 （甲） “乙”， QY-2031 ——…… 丙丁 窗口窗口窗口窗口"
    )
    wide, plain = widths(justified(body)), widths(justified(body, ""))
    for word in ("20260930", "（甲）", "“乙”，", "QY-2031", "——……"):
        assert wide[word] == pytest.approx(plain[word], abs=0.02)
    assert wide["丙丁"] > plain["丙丁"] + 0.1


def test_no_line_begins_with_a_stop_or_ends_with_an_opening_bracket():
    body = "".join(f"<p style='width:{measure}mm'>{PROSE}" for measure in range(60, 90, 5))
    lines = rows(justified(body))
    assert not {line.text[0] for line in lines} & set("，。、；：？！）”")
    assert not {line.text[-1] for line in lines} & set("（“")


def test_a_line_before_a_long_address_stays_ragged():
    body = "<p>见https://www.example.org/windows/2026/"
    lines = rows(justified(body + "一" * 40, "p { text-align: justify; width: 30mm }"))
    assert lines[0].right < 45


@pytest.mark.parametrize(
    ("pair", "may"),
    [
        ("汉字", True),
        ("年3", True),
        ("3月", True),
        ("，汉", True),
        ("）汉", True),
        ("汉（", True),
        ("汉—", True),
        (" b", True),
        ("\u00a0b", True),
        ("汉 ", False),
        ("20", False),
        ("ab", False),
        ("汉，", False),
        ("汉）", False),
        ("（汉", False),
        ("“汉", False),
        ("汉”", False),
        ("——", False),
        ("……", False),
        ("\u3000汉", False),
    ],
)
def test_which_gaps_may_widen(pair, may):
    assert cjk_justify.may_widen(*pair) is may


def test_the_patch_refuses_another_version_of_weasyprint(monkeypatch):
    monkeypatch.setattr(cjk_justify.weasyprint, "__version__", "70.1")
    with pytest.raises(RuntimeError, match="made for WeasyPrint"):
        cjk_justify.install()


def fonts_of(content: bytes) -> dict[str, list[str]]:
    """Give name -> emb, sub, uni of `pdffonts`."""
    lines = tool("pdffonts", "PDF", given=content).splitlines()[2:]
    return {line.split()[0].partition("+")[2]: line.split()[-5:-2] for line in lines}


def test_all_four_faces_are_embedded_in_part():
    body = "<p>窗口<b>窗口</b></p><p style='font-family:Serif'>窗口<b>窗口</b>"
    found = fonts_of(pdf.render(document(body)))
    assert set(found) == {
        "Window-Sans",
        "Window-Sans-Bold",
        "Window-Serif",
        "Window-Serif-Bold",
    }
    assert set(map(tuple, found.values())) == {("yes", "yes", "yes")}


def test_a_rare_name_is_drawn_from_the_whole_font():
    name = "欧阳翀𬭚、䶮㛃堃"
    content = pdf.render(document(f"<p style='font-family:Serif'>{name}"))
    found = fonts_of(content)
    assert set(found) == {"Window-Serif", "Noto-Serif-CJK-SC"}
    assert found["Noto-Serif-CJK-SC"] == ["yes", "yes", "yes"]
    assert text_of(content) == name


def test_ordinary_text_needs_the_small_fonts_only():
    assert set(fonts_of(pdf.render(document(PROSE + "〇①②℃№％‰—……·“”‘’《》〔〕□■○●√×÷±→")))) == {
        "Window-Sans"
    }


@pytest.mark.parametrize(
    ("body", "style"),
    [
        ("<p>甲\ue000乙\ue001</p>", ""),
        ("<p>甲</p>", "p::after { content: '\ue000\ue001' }"),
        ("<svg width='90' height='20'><text y='15'>甲\ue000\ue001</text></svg>", ""),
    ],
)
def test_a_character_that_no_font_has_is_never_printed(body, style):
    with pytest.raises(pdf.MissingGlyph) as caught:
        pdf.render(document(body, PAGE + style))
    assert caught.value.characters == ("\ue000", "\ue001")
    assert "U+E000" in str(caught.value)


def test_a_missing_character_does_not_end_the_child():
    pdf.render(document("一"))
    first = child_pid()
    with pytest.raises(pdf.MissingGlyph):
        pdf.render(document("\ue000"))
    pdf.render(document("一"))
    assert child_pid() == first


# The same document gives the same bytes


def test_output_is_the_same_to_the_byte_in_two_processes_and_whatever_came_between():
    one = document(f"<h1>{PROSE[:9]}</h1><p>{PROSE}<b>甲</b><i style='font-family:Serif'>乙</i>")
    first = pdf.render(one)
    pdf.render(document(f"<p style='font:9pt Serif'>{PROSE}"))
    assert pdf.render(one) == first
    pdf.close()
    assert pdf.render(one) == first


def test_the_head_of_the_file_says_what_the_caller_said():
    content = pdf.render(
        document(
            "<title>假</title><meta name=author content=假><meta name=keywords content=假>"
            "<meta name=generator content=假><meta name=description content=假>"
            "<meta name=dcterms.created content=1999-01-01>"
        )
    )
    about = PdfReader(io.BytesIO(content)).metadata
    assert (about.title, about.author) == ("样张", "清源区政务服务中心")
    assert about.creation_date == about.modification_date == AT
    assert (about.subject, about.keywords, about.creator) == (None, None, None)


# The printed base


PAPER = SimpleNamespace(
    organisation="清源区政务服务中心",
    title="个人考核画像",
    subject="梁静怡　QY20317　2026年第三季度",
    footer="中心内部日常考核参考，不作为法定年度考核等次",
    check_code="3935-B3AD-429B-E86E",
    version="第2版",
    made_at="2026年10月12日 09:30",
)
CHILD = """{% extends "pdf/base.html" %}
{% block head_right %}<p>内部资料</p>{% endblock %}
{% block content %}<h2>一、明细</h2><table class="grid"><thead><tr><th>事实</th>
<th class="num">分值</th></tr></thead><tbody>{% for n in range(60) %}<tr><td>{{ fact }}</td>
<td class="num">+1.0</td></tr>{% endfor %}</tbody>
<tfoot><tr><td>合计</td><td class="num">+60.0</td></tr></tfoot></table>{% endblock %}
"""


@pytest.fixture(scope="module")
def paper():
    loaders = [
        jinja2.DictLoader({"child.html": CHILD}),
        jinja2.FileSystemLoader(ROOT / "templates"),
    ]
    environment = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders), autoescape=True, undefined=jinja2.StrictUndefined
    )
    environment.globals["check_picture"] = lambda _code: ""
    html = environment.get_template("child.html").render(paper=PAPER, fact="表扬<b>1</b>件")
    content = pdf.render(document("", html=html, stylesheets=(pdf.stylesheet("pdf/base.css"),)))
    pages = PdfReader(io.BytesIO(content)).pages
    return [re.sub(r"\s", "", page.extract_text()) for page in pages]


def test_every_page_of_a_paper_is_numbered_and_says_what_it_is_for(paper):
    assert len(paper) > 1
    for number, text in enumerate(paper, start=1):
        assert f"第{number}页共{len(paper)}页" in text
        assert PAPER.footer in text


def test_the_running_header_begins_on_the_second_page(paper):
    subject = PAPER.subject.replace("\u3000", "")
    assert [subject in text for text in paper] == [False] + [True] * (len(paper) - 1)


def test_a_sum_and_the_check_code_stand_once_at_the_end(paper):
    text = "".join(paper)
    assert text.count("+60.0") == text.count("校验码") == text.count(PAPER.check_code) == 1
    assert PAPER.check_code in paper[-1]
    assert text.count("内部资料") == 1


def test_the_heads_of_columns_are_repeated_and_text_is_escaped(paper):
    assert all("事实分值" in text for text in paper)
    assert "表扬<b>1</b>件" in paper[0]


def test_weasyprint_understands_all_of_the_style_sheet(caplog):
    pdf.render(document(PROSE, pdf.stylesheet("pdf/base.css") + "nonsense { colour: red }"))
    assert wait_until(lambda: "colour" in caplog.text)
    assert len(caplog.records) == 1


# The child's own code, in this process: nothing else would measure what is tested of it


@pytest.fixture
def served(monkeypatch):
    """Serve in a thread instead of a child; gives our end of the pipe."""
    monkeypatch.setenv("FONTCONFIG_FILE", str(pdf.FONTS / "fonts.conf"))
    monkeypatch.setattr(pdf_child.gc, "freeze", lambda: None)
    allowed = []
    monkeypatch.setattr(pdf_child, "limit_cpu", allowed.append)
    monkeypatch.setattr(cjk_justify.inline, "justify_line", cjk_justify.inline.justify_line)
    cjk_justify.install()
    ours, theirs = Pipe()
    thread = threading.Thread(target=serve_and_close, args=(theirs,))
    thread.start()
    ask(ours, document("一"))
    yield SimpleNamespace(connection=ours, allowed=allowed)
    ours.close()
    thread.join()


def serve_and_close(connection):
    with connection:
        pdf_child.serve(connection, pdf_child.Bounded())


def ask(connection, one: pdf.Document) -> tuple[dict, bytes]:
    request, contents = pdf._pack(one, 7)
    for message in (request, *contents):
        connection.send_bytes(message)
    return json.loads(connection.recv_bytes()), connection.recv_bytes()


def test_the_child_answers_each_document_and_ends_when_the_parent_hangs_up(served):
    assets = {"app:/dot.svg": ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>")}
    body = f"""
    <style>@font-face {{ font-family: a; src: url(b) }} p {{ text-align: justify }}</style>
    <p>{PROSE}<u style="position: absolute">注</u><a href="https://example.org">网页</a>
    <img src="app:/dot.svg"><img src="{DOT}"><img src="c">字\u0301{PROSE}
    <p lang="en" style="width: 20mm">Abcdefghijkl mnopqrstuvwxyz Abcdefghijklmno
    """
    one = document(body, assets=assets)
    answer, content = ask(served.connection, one)
    assert set(answer) == {"resting"}
    assert answer["resting"] > 1 << 20
    assert content == pdf.render(one)
    assert served.allowed == [7, 7]
    assert ask(served.connection, document("\ue000"))[0]["missing"] == "\ue000"
    assert "UnicodeEncodeError" in ask(served.connection, document("\ud800"))[0]["failure"]


def test_the_child_reports_that_its_memory_is_used_up(served, monkeypatch):
    def exhausted(*arguments):
        raise MemoryError

    monkeypatch.setattr(pdf_child.Renderer, "render", exhausted)
    assert ask(served.connection, document("一"))[0]["failure"] == "out of memory"


def test_processor_time_is_counted_from_the_present_document(monkeypatch):
    limits = []
    monkeypatch.setattr(pdf_child.resource, "setrlimit", lambda *given: limits.append(given))
    usage = SimpleNamespace(ru_utime=100.2, ru_stime=3)
    monkeypatch.setattr(pdf_child.resource, "getrusage", lambda _: usage)
    monkeypatch.setattr(pdf_child.resource, "getrlimit", lambda _: (-1, -1))
    pdf_child.limit_cpu(60)
    assert limits == [(pdf_child.resource.RLIMIT_CPU, (164, -1))]


def test_a_child_whose_parent_is_gone_ends_at_once(monkeypatch):
    monkeypatch.setattr(pdf_child.ctypes, "CDLL", lambda _: SimpleNamespace(prctl=lambda *_: 0))
    with pytest.raises(SystemExit):
        pdf_child.die_with(-1)
