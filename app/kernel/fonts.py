"""The fonts of printed papers, prepared once at set-up: `python -m app.kernel.fonts TARGET`.

Papers are set in GB2312 cuts of Noto CJK, because small fonts make writing a PDF twice as fast;
the whole fonts stand behind them, so that a rare name is drawn too. No font lies in the repository.
"""

import fcntl
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont  # type: ignore[import-untyped]

SYSTEM_FONTS = Path("/usr/share/fonts")
FANG_SONG = Path(sys.prefix) / "fang-song" / "FandolFang-Regular.otf"
"""仿宋 of official papers, which `./manage` fetches; without it they are set in 宋体."""
FANG_SONG_FAMILY = "FandolFang"
RECIPE = 2
"""Raised whenever the way in which the fonts are made changes: prepared folders are then remade."""


class FontsError(Exception):
    """Something that the fonts are made from is missing; the message names the Debian package."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One face of one collection, and the small font that is made from it."""

    collection: str
    family: str
    small_family: str
    weight: str

    @property
    def file_name(self) -> str:
        """The small font's file name."""
        return f"{self.small_family}-{self.weight}.otf".replace(" ", "")


def _cuts(kind: str) -> tuple[Cut, ...]:
    return tuple(
        Cut(
            collection=f"Noto{kind}CJK-{weight}.ttc",
            family=f"Noto {kind} CJK SC",
            small_family=f"Window {kind}",
            weight=weight,
        )
        for weight in ("Regular", "Bold")
    )


CUTS = (*_cuts("Sans"), *_cuts("Serif"))

# Latin, punctuation, currency, arrows to dingbats, CJK punctuation, units, full-width forms.
_SYMBOLS = (
    (0x20, 0x7E),
    (0xA0, 0xFF),
    (0x2000, 0x206F),
    (0x20A0, 0x20BF),
    (0x2100, 0x27BF),
    (0x3000, 0x303F),
    (0x3200, 0x33FF),
    (0xFF00, 0xFFEF),
)
_GB2312_BYTES = range(0xA1, 0xFF)


def gb2312() -> frozenset[int]:
    """Give the code points of GB2312: 6763 characters of both levels and its symbols."""
    pairs = (bytes((high, low)) for high in _GB2312_BYTES for low in _GB2312_BYTES)
    # One pair at a time: within a longer text an unused pair would shift all that follow it.
    found = (pair.decode("gb2312", errors="ignore") for pair in pairs)
    return frozenset(ord(character) for character in found if character)


def characters() -> tuple[int, ...]:
    """Give the code points that the small fonts are to carry."""
    symbols = (code for first, last in _SYMBOLS for code in range(first, last + 1))
    return tuple(sorted(gb2312().union(symbols)))


def prepare(target: Path) -> None:
    """Make `target` hold the small fonts, `fonts.conf` and a warm cache; quick where it does.

    Raises FontsError. Several processes may call it at once: one works, the others wait.
    """
    target = target.resolve()
    stamp = _stamp(target)
    if _is_current(target, stamp):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target):
        if not _is_current(target, stamp):
            _make(target, stamp)


def _stamp(target: Path) -> str:
    """Describe everything that the folder depends on."""
    sources = {cut.collection: _version(_find(cut.collection)) for cut in CUTS}
    fang_song = _version(FANG_SONG) if FANG_SONG.is_file() else None
    facts = {
        "recipe": RECIPE,
        "folder": str(target),
        "sources": sources,
        "fang_song": fang_song,
    }
    return json.dumps(facts, indent=1, sort_keys=True)


def _is_current(target: Path, stamp: str) -> bool:
    file = target / "stamp.json"
    return file.is_file() and file.read_text(encoding="utf-8") == stamp


def _find(collection: str) -> Path:
    found = sorted(SYSTEM_FONTS.rglob(collection))
    if not found:
        raise FontsError(_advice(collection, package="fonts-noto-cjk"))
    return found[0]


def _advice(what: str, *, package: str) -> str:
    return f"找不到 {what}：请先安装软件包 {package}（apt-get install {package}）。"


def _version(path: Path) -> str:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return f"{font['head'].fontRevision:.3f} {path.stat().st_size}"


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(target: Path, stamp: str) -> None:
    """Make everything in a folder beside it, then put that in place; the stamp comes last."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as name:
        made, old = Path(name, "made"), Path(name, "old")
        _fill(made, target)
        if target.exists():
            target.rename(old)
        made.rename(target)
    # The cache knows folders by their final name, hence it is warmed only now.
    _warm(target)
    (target / "stamp.json").write_text(stamp, encoding="utf-8")


def _fill(folder: Path, target: Path) -> None:
    for name in ("small", "whole", "cache"):
        (folder / name).mkdir(parents=True)
    wanted = folder / "characters.txt"
    wanted.write_text(",".join(f"{code:x}" for code in characters()), encoding="ascii")
    for cut in CUTS:
        source = _find(cut.collection)
        _cut(cut, source=source, wanted=wanted, output=folder / "small" / cut.file_name)
        # Links to these four files only: other fonts of the machine must not change a paper.
        (folder / "whole" / cut.collection).symlink_to(source)
    if FANG_SONG.is_file():
        shutil.copyfile(FANG_SONG, folder / "small" / FANG_SONG.name)
    (folder / "fonts.conf").write_text(configuration(target), encoding="utf-8")


def _cut(cut: Cut, *, source: Path, wanted: Path, output: Path) -> None:
    _run(
        "hb-subset",
        f"--font-file={source}",
        f"--face-index={_face_index(source, cut.family)}",
        f"--unicodes-file={wanted}",
        "--layout-features=*",
        "--name-IDs=*",
        "--no-hinting",
        f"--output-file={output}",
        package="libharfbuzz-bin",
    )
    _rename(output, cut)


def _face_index(source: Path, family: str) -> int:
    """Find the simplified Chinese face by its name: its place differs between editions."""
    with TTCollection(source, lazy=True) as collection:
        for index, font in enumerate(collection.fonts):
            if font["name"].getDebugName(1) == family:
                return index
    raise FontsError(_advice(f"{family} ({source.name})", package="fonts-noto-cjk"))


def _rename(path: Path, cut: Cut) -> None:
    """Give the small font a name of its own, or the whole one could be taken in its place.

    Copyright and licence (0, 13, 14) stay, as the Open Font License asks.
    """
    names = {
        1: cut.small_family,
        2: cut.weight,
        4: f"{cut.small_family} {cut.weight}",
        6: path.stem,
    }
    font = TTFont(path)
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in {0, 13, 14}]
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    # Without this the font would carry the time at which it was made.
    font.recalcTimestamp = False
    font.save(path)


def _run(command: str, *arguments: str, package: str, **environment: str) -> None:
    program = shutil.which(command)
    if program is None:
        raise FontsError(_advice(command, package=package))
    subprocess.run((program, *arguments), check=True, env=os.environ | environment)


def configuration(target: Path) -> str:
    """Write the whole fontconfig file: nothing of the machine's own configuration is read."""
    folders = "".join(
        f"<dir>{html.escape(str(target / name))}</dir>" for name in ("small", "whole")
    )
    rules = "".join(
        _prefer(generic, kind)
        for generic, kind in (
            ("Sans", "Sans"),
            ("sans-serif", "Sans"),
            ("monospace", "Sans"),
            ("Serif", "Serif"),
            # The faces of official papers: 黑体, 小标宋 (its bold is a likeness), 仿宋.
            ("Hei", "Sans"),
            ("XBS", "Serif"),
            ("FangSong", "Serif"),
        )
    )
    rules += _alias("FangSong", f"<string>{FANG_SONG_FAMILY}</string>", mode="prepend_first")
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        f"{folders}<cachedir>{html.escape(str(target / 'cache'))}</cachedir>{rules}"
        f'<match target="pattern">{_edit(_both("Sans"), mode="append_last")}</match></fontconfig>\n'
    )


def _prefer(generic: str, kind: str) -> str:
    return _alias(generic, _both(kind), mode="prepend")


def _alias(generic: str, families: str, *, mode: str) -> str:
    return (
        f'<match target="pattern"><test name="family"><string>{generic}</string></test>'
        f"{_edit(families, mode=mode)}</match>"
    )


def _edit(families: str, *, mode: str) -> str:
    return f'<edit name="family" mode="{mode}" binding="strong">{families}</edit>'


def _both(kind: str) -> str:
    """Name the small family first and the whole one after it."""
    return f"<string>Window {kind}</string><string>Noto {kind} CJK SC</string>"


def _warm(target: Path) -> None:
    _run("fc-cache", package="fontconfig", FONTCONFIG_FILE=str(target / "fonts.conf"))


def main(target: str) -> str | None:
    """Prepare; give what to tell the operator when it can't be done."""
    try:
        prepare(Path(target))
    except FontsError as error:
        return str(error)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
