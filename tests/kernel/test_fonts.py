import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.statisticsPen import StatisticsPen
from fontTools.ttLib import TTFont

from app.kernel import fonts

RARE = "𬭚䶮㛃堃翀"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    target = tmp_path_factory.mktemp("set-up") / "fonts"
    fonts.prepare(target)
    return target


def snapshot(folder: Path) -> dict[str, int]:
    return {str(path): path.lstat().st_mtime_ns for path in folder.rglob("*")}


def matches(target: Path, pattern: str) -> list[str]:
    """Ask fontconfig itself which files it would take, best first."""
    listed = subprocess.run(
        ["fc-match", "--sort", "--format=%{file|basename}\n", pattern],
        env={"FONTCONFIG_FILE": str(target / "fonts.conf")},
        check=True,
        capture_output=True,
        text=True,
    )
    return listed.stdout.split()


def test_gb2312_has_the_characters_of_both_levels():
    hanzi = [code for code in fonts.gb2312() if 0x4E00 <= code <= 0x9FFF]
    assert len(hanzi) == 6763
    assert len(fonts.gb2312()) == 7445


@pytest.mark.parametrize("cut", fonts.CUTS, ids=lambda cut: cut.file_name)
def test_every_small_font_has_all_of_gb2312_under_a_name_of_its_own(prepared, cut):
    path = prepared / "small" / cut.file_name
    with TTFont(path) as font:
        covered = set(font.getBestCmap())
        assert fonts.gb2312() <= covered
        assert not {ord(character) for character in "𬭚䶮㛃"} & covered
        families = {str(record) for record in font["name"].names if record.nameID in {1, 16}}
        assert families == {cut.small_family}
        assert "Open Font License" in font["name"].getDebugName(13)
        assert font["OS/2"].usWeightClass == (700 if cut.weight == "Bold" else 400)
    assert path.stat().st_size < 5_000_000


@pytest.mark.parametrize("cut", fonts.CUTS[::2], ids=lambda cut: cut.file_name)
def test_small_fonts_draw_the_chinese_forms_of_characters(prepared, cut):
    # 骨 has another form in Japanese, which is what the first face of the collection holds.
    with TTFont(prepared / "small" / cut.file_name) as small:
        drawn = outline(small)
    for number, family in ((0, "JP"), (2, "SC")):
        with TTFont(prepared / "whole" / cut.collection, fontNumber=number) as whole:
            assert family in whole["name"].getDebugName(1)
            assert (outline(whole) == drawn) == (family == "SC")


def outline(font: TTFont) -> tuple:
    name = font.getBestCmap()[ord("骨")]
    glyphs = font.getGlyphSet()
    bounds, shape = BoundsPen(glyphs), StatisticsPen(glyphset=glyphs)
    glyphs[name].draw(bounds)
    glyphs[name].draw(shape)
    return (*bounds.bounds, round(shape.area, -2))


@pytest.mark.parametrize(
    ("pattern", "kind", "weight"),
    [
        ("Sans", "Sans", "Regular"),
        ("Sans:bold", "Sans", "Bold"),
        ("Serif", "Serif", "Regular"),
        ("Serif:bold", "Serif", "Bold"),
        ("serif", "Serif", "Regular"),
        ("sans-serif", "Sans", "Regular"),
        ("A family that nobody has", "Sans", "Regular"),
    ],
)
def test_the_small_font_comes_first_and_the_whole_one_behind_it(prepared, pattern, kind, weight):
    found = matches(prepared, pattern)
    assert found[:2] == [f"Window{kind}-{weight}.otf", f"Noto{kind}CJK-{weight}.ttc"]


@pytest.mark.parametrize("character", RARE)
def test_a_rare_character_is_found_in_the_same_style(prepared, character):
    found = matches(prepared, f"Serif:bold:charset={ord(character):x}")
    assert found[0] == "NotoSerifCJK-Bold.ttc"


def test_no_other_font_of_the_machine_is_seen(prepared):
    listed = subprocess.run(
        ["fc-list", "--format=%{file}\n"],
        env={"FONTCONFIG_FILE": str(prepared / "fonts.conf")},
        check=True,
        capture_output=True,
        text=True,
    )
    folders = {Path(line).parent for line in listed.stdout.split()}
    assert folders == {prepared / "small", prepared / "whole"}


def test_the_cache_is_warm_and_lies_inside_the_folder(prepared):
    # One cache file for each of the two folders of fonts.
    before = snapshot(prepared / "cache")
    assert len([path for path in before if ".cache-" in path]) == 2
    matches(prepared, "Sans")
    assert snapshot(prepared / "cache") == before


def test_preparing_again_changes_nothing(prepared):
    before = snapshot(prepared.parent)
    fonts.prepare(prepared)
    assert snapshot(prepared.parent) == before


def test_an_unfinished_folder_is_made_anew_and_nothing_is_left_beside_it(tmp_path, quick_cuts):
    target = tmp_path / "fonts"
    target.mkdir()
    (target / "half").touch()
    fonts.prepare(target)
    assert sorted(path.name for path in target.iterdir()) == [
        "cache",
        "characters.txt",
        "fonts.conf",
        "small",
        "stamp.json",
        "whole",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fonts.lock", "fonts"]


def test_a_failure_leaves_the_old_folder_in_use(tmp_path, quick_cuts, monkeypatch):
    target = tmp_path / "fonts"
    fonts.prepare(target)
    before = snapshot(target)
    monkeypatch.setattr(fonts, "RECIPE", fonts.RECIPE + 1)
    monkeypatch.setattr(fonts, "_rename", lambda path, cut: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fonts.prepare(target)
    assert snapshot(target) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == [".fonts.lock", "fonts"]


def test_a_new_recipe_makes_the_fonts_anew(tmp_path, quick_cuts, monkeypatch):
    target = tmp_path / "fonts"
    fonts.prepare(target)
    before = snapshot(target)
    monkeypatch.setattr(fonts, "RECIPE", fonts.RECIPE + 1)
    fonts.prepare(target)
    assert snapshot(target) != before


def test_two_at_once_make_the_folder_once(tmp_path, quick_cuts, monkeypatch):
    made = []
    fill = fonts._fill
    monkeypatch.setattr(fonts, "_fill", lambda *folders: (made.append(folders), fill(*folders)))
    target = tmp_path / "fonts"
    with ThreadPoolExecutor() as pool:
        list(pool.map(fonts.prepare, [target] * 3))
    assert len(made) == 1


def test_missing_fonts_name_their_package(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "SYSTEM_FONTS", tmp_path)
    with pytest.raises(fonts.FontsError, match="apt-get install fonts-noto-cjk"):
        fonts.prepare(tmp_path / "fonts")


@pytest.mark.parametrize(
    ("command", "package"), [("hb-subset", "libharfbuzz-bin"), ("fc-cache", "fontconfig")]
)
def test_a_missing_program_names_its_package(tmp_path, monkeypatch, quick_cuts, command, package):
    which = fonts.shutil.which
    monkeypatch.setattr(
        fonts.shutil, "which", lambda name: (name != command and which(name)) or None
    )
    with pytest.raises(fonts.FontsError, match=f"apt-get install {package}"):
        fonts.prepare(tmp_path / "fonts")


def test_a_collection_without_the_chinese_face_is_refused(prepared):
    with pytest.raises(fonts.FontsError, match="Noto Kai CJK SC"):
        fonts._face_index(fonts._find("NotoSansCJK-Regular.ttc"), "Noto Kai CJK SC")


def test_the_command_line_prepares(prepared):
    done = subprocess.run(
        [sys.executable, "-m", "app.kernel.fonts", str(prepared)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_command_line_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "SYSTEM_FONTS", tmp_path)
    assert "apt-get install fonts-noto-cjk" in fonts.main(str(tmp_path / "fonts"))


@pytest.fixture
def quick_cuts(monkeypatch):
    """Make one font instead of four: what is tested is the folder around it."""
    monkeypatch.setattr(fonts, "CUTS", fonts.CUTS[:1])
