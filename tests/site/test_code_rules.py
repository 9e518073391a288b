"""What every file of the application keeps to, read as a syntax tree (XS1, IN2, AC1, DP1)."""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest
from jinja2 import nodes
from sqlalchemy import DateTime, Numeric

from app.kernel import db
from app.kernel.permissions import GRANTS, Permission, Role

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
TEMPLATES = ROOT / "templates"
FILES = sorted(APP.rglob("*.py"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
ROOMS = sorted(path.name for path in APP.iterdir() if path.is_dir() and path.name[0] != "_")
# Folders of templates that every room may use.
SHARED = {"_macros", "_listing", "base.html", "base_public.html", "pdf", "workflow"}
# Who may say "this is HTML already", each with its reason.
MARKED_UP = {
    ("kernel/listing.py", "button"): "A fixed template; what is put in is escaped by format().",
    ("questions/bank_list.py", "tick"): "A fixed template; what is put in is escaped by format().",
    (
        "exams/paper_html.py",
        "join",
    ): "Put together from the output of a template; answers are escaped.",
    ("exams/paper_html.py", "gap"): "A fixed word between control characters.",
    ("exams/paper_html.py", "part"): "A label of ours between control characters.",
    ("accounts/check_pictures.py", "check_picture"): "A picture that is drawn here from a hash.",
}
CLOCK = "kernel/clock.py"
NOW = {"now", "utcnow", "today", "fromtimestamp", "utcfromtimestamp"}
DATA_CLASSES = {"public", "internal", "personal", "sensitive"}
# Where SQL is put together from our own words.
OWN_SQL = {"kernel/db.py", "kernel/triggers.py"}
SQL_TAKERS = {"text", "exec_driver_sql", "execute", "scalar", "scalars"}


def place(path: Path) -> str:
    return path.relative_to(APP).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def all_keep_to(check: Callable[..., None], things: Iterable[object], *given: object) -> None:
    """Check one thing after another, and say of every one that breaks the rule how it does."""
    wrong = []
    for thing in things:
        try:
            check(thing, *given)
        except AssertionError as found:
            wrong.append(f"{thing}: {found}")
    assert not wrong, "\n".join(wrong)


def called(node: ast.Call) -> str:
    """Give the last word of what is called: `a.b.c()` is `c`."""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_nobody_calls_text_html_but_the_named_functions():
    found = {
        (place(path), function.name)
        for path in FILES
        for function in functions(tree_of(path))
        if any(called(call) == "Markup" for call in calls(function))
    }
    outside = [
        place(path)
        for path in FILES
        for call in calls(tree_of(path))
        if called(call) in {"render_template_string", "from_string"}
    ]
    assert found == set(MARKED_UP)
    assert outside == []
    everywhere = sum(called(call) == "Markup" for path in FILES for call in calls(tree_of(path)))
    assert everywhere == len(MARKED_UP)


def test_template_escapes_everything(app):
    all_keep_to(check_template_escapes_everything, PAGES, app)


def check_template_escapes_everything(path, app):
    tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    filters = {node.name for node in tree.find_all(nodes.Filter)}
    assert not filters & {"safe", "forceescape", "xmlattr", "tojson"}
    assert not list(tree.find_all(nodes.ScopedEvalContextModifier))
    assert app.jinja_env.autoescape(path.name)


def test_sql_is_never_put_together_from_values():
    all_keep_to(check_sql_is_never_put_together_from_values, FILES)


def check_sql_is_never_put_together_from_values(path):
    if place(path) in OWN_SQL:
        return
    for call in calls(tree_of(path)):
        if called(call) in SQL_TAKERS and call.args:
            first = call.args[0]
            is_glued = isinstance(first, ast.JoinedStr) or (
                isinstance(first, ast.Call) and called(first) == "format"
            )
            is_added = isinstance(first, ast.BinOp) and isinstance(first.op, ast.Add | ast.Mod)
            assert not is_glued, f"{path}:{call.lineno}"
            assert not is_added, f"{path}:{call.lineno}"


def test_nobody_asks_for_autocommit():
    trap = "kernel/db.py"
    found = [
        place(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and node.value == "AUTOCOMMIT"
    ]
    assert set(found) == {trap}, "only the trap itself names it"


def test_time_comes_from_the_clock():
    all_keep_to(check_time_comes_from_the_clock, FILES)


def check_time_comes_from_the_clock(path):
    if place(path) == CLOCK:
        return
    for call in calls(tree_of(path)):
        owner = getattr(call.func, "value", None)
        name = getattr(owner, "attr", getattr(owner, "id", ""))
        is_date = name in {"datetime", "date", "dt"} and called(call) in NOW
        is_time = name == "time" and called(call) in {"time", "localtime", "strftime"}
        is_sql = name == "func" and called(call) in {"now", "current_timestamp", "current_date"}
        assert [is_date, is_time, is_sql] == [False] * 3, f"{path}:{call.lineno}: ask the clock"


def test_no_view_takes_head_for_a_form():
    all_keep_to(check_no_view_takes_head_for_a_form, FILES)


def check_no_view_takes_head_for_a_form(path):
    """HEAD comes to the same view as GET: whatever is not POST reads."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Compare) and ast.unparse(node.left) == "request.method":
            assert "'GET'" not in ast.unparse(node), f"{path}:{node.lineno}: write != 'POST'"


def columns():
    return [column for table in db.Base.metadata.sorted_tables for column in table.columns]


def test_column_says_what_class_of_data_it_holds():
    all_keep_to(check_column_says_what_class_of_data_it_holds, columns())


def check_column_says_what_class_of_data_it_holds(column):
    info = {**column.table.info, **column.info}
    assert info.get("class") in DATA_CLASSES


def test_column_has_a_type_that_loses_nothing():
    all_keep_to(check_column_has_a_type_that_loses_nothing, columns())


def check_column_has_a_type_that_loses_nothing(column):
    assert not isinstance(column.type, Numeric | DateTime), "take Marks or UtcDateTime"


def test_what_opens_a_door_or_breaks_a_promise_is_classed_as_sensitive():
    sensitive = {
        str(column)
        for column in columns()
        if {**column.table.info, **column.info}["class"] == "sensitive"
    }
    assert sensitive >= {
        "account.password_hash",
        "sign_in_session.token_hash",
        "paper_key.key",
        "question_version.key",
    }


def test_no_room_imports_views_forms_or_templates_of_another():
    graph = grimp.build_graph("app")
    for module in graph.modules:
        room = module.split(".")[1:2]
        for imported in graph.find_modules_directly_imported_by(module):
            parts = imported.split(".")
            if room and parts[1] not in {*room, "kernel"} and len(parts) > 2:
                assert parts[2] not in {"views", "forms"}, f"{module} -> {imported}"


def test_room_renders_its_own_templates():
    all_keep_to(check_room_renders_its_own_templates, FILES)


def check_room_renders_its_own_templates(path):
    room = path.relative_to(APP).parts[0]
    allowed = {room, "_listing", *({"errors"} if room == "kernel" else set())}
    allowed |= {"gallery"} if room == "home" else set()
    for call in calls(tree_of(path)):
        if called(call) == "render_template":
            first = ast.unparse(call.args[0]).removeprefix("f").strip("'\"")
            assert first.split("/")[0] in allowed or first == "name", f"{path}: {first}"


def test_template_takes_pieces_of_its_own_room_only(app):
    all_keep_to(check_template_takes_pieces_of_its_own_room_only, PAGES, app)


def check_template_takes_pieces_of_its_own_room_only(path, app):
    own = path.relative_to(TEMPLATES).parts[0]
    tree = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    taken = [*tree.find_all(nodes.Include), *tree.find_all(nodes.Extends)]
    taken += [*tree.find_all(nodes.FromImport), *tree.find_all(nodes.Import)]
    for node in taken:
        name = getattr(node.template, "value", None)
        assert name, "the name of a template is written out"
        assert name.split("/")[0] in SHARED | {own}, f"{path}: {name}"


def test_every_form_with_a_file_is_drawn_by_the_one_macro():
    """The macro carries the warning and the tick of HALL 6.4; form.html only knows the encoding."""
    makers = {TEMPLATES / "_macros" / name for name in ("form.html", "upload.html")}
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        has_own = any(word in text for word in ("multipart/", "is_upload=", 'type="file"'))
        assert path in makers or not has_own, f"{path}: take _macros/upload.html"


def test_files_come_in_by_one_door():
    found = {
        place(path)
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "request.files"
    }
    assert found == {"files/uploads.py"}


def test_every_template_compiles(app):
    for path in PAGES:
        app.jinja_env.get_template(path.relative_to(TEMPLATES).as_posix())


def test_every_permission_is_asked_for_and_held_by_somebody():
    asked = {
        node.attr
        for path in FILES
        if place(path) != "kernel/permissions.py"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Permission"
    }
    assert {each.name for each in Permission} == asked
    assert set().union(*GRANTS.values()) == set(Permission)
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("permission", Permission)
def test_permission_is_named_after_room_resource_and_action(permission):
    room, resource, action = permission.value.split(":")
    assert room in ROOMS
    assert permission.name == f"{room}_{resource}_{action}".upper()
