"""The verbs of manage: what each needs on the machine, and who does it."""

import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import MappingProxyType

from manage_parts import checking, environment, packages, processes, serving, testing
from manage_parts.console import ROOT, Refusal, say

HELP = """\
清廉窗口：装好本机所缺，然后办事。

  ./manage demo            演示大厅：http://127.0.0.1:8000/，可以各种身份进入
      --date 2026-11-20      演示数据以哪一天为今天（默认最近一个工作日）
      --reset                先删掉旧的演示数据
      --listen 地址          在别的地址上监听（网络里的任何人都能进入！）
      --port 8000            端口；被占用时自动用下一个空的
  ./manage run             正式网站，不带演示数据；同样可用 --listen 和 --port
  ./manage test [路径…]    全部测试，或只测给出的文件；“--”之后的参数交给 pytest
      --long                 随机测试跑更多轮
      --old-chromium         加测 2020 年的 Chromium
  ./manage check           代码、类型、依赖方向、模板、迁移的检查
  ./manage bench [名称…]   性能测量
  ./manage setup [--tests] 只安装，不启动
  ./manage lock [--upgrade] 重做 requirements/ 里的锁文件（开发用）
  ./manage 其他命令 …      网站自己的命令，如 ./manage workdays add 2026-11-20 5
  ./manage --demo 其他命令 …  同上，但用演示数据

退出码：0 成功；1 被拒绝或检查未过；2 用法不对；3 本机缺东西而无法自行安装。
"""
HELP_OPTIONS = frozenset({"-h", "--help"})


def main(arguments: list[str]) -> int:
    """Run one verb and turn every expected failure into a sentence and a status."""
    speak_anyhow()
    signal.signal(signal.SIGTERM, leave)
    try:
        return act(arguments)
    except Refusal as refusal:
        say(str(refusal))
        return refusal.status
    except PermissionError as error:
        say(f"没有权限：{error.filename}。它可能是另一个用户（如 sudo）建立的。")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def speak_anyhow() -> None:
    """Print question marks rather than fail where the terminal knows no Chinese."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def leave(number: int, _frame: object) -> None:
    """End through every `finally`, so that no cluster and no folder stays behind."""
    sys.exit(128 + number)


def act(arguments: list[str]) -> int:
    """Find the verb; whatever is none of ours is a command of the site."""
    if asks_for_help(arguments):
        sys.stdout.write(HELP)
        return 0
    ours = VERBS.get(arguments[0])
    return ours(arguments[1:]) if ours else site_command(arguments)


def asks_for_help(arguments: Sequence[str]) -> bool:
    """Whether to print our help; a command of the site has a help of its own."""
    if not arguments or arguments[0] in {"help", *HELP_OPTIONS}:
        return True
    return arguments[0] in VERBS and not HELP_OPTIONS.isdisjoint(arguments)


def prepare(lock: str = "runtime", more: Sequence[packages.Package] = ()) -> None:
    """Make what is missing, cheapest question first."""
    packages.ensure([*packages.RUNTIME, *more])
    environment.ensure(lock)
    environment.ensure_fonts()


def prepare_tests() -> None:
    """Make all that the tests need; PostgreSQL may have come from elsewhere than dpkg."""
    has_postgres = packages.postgresql_programs() is not None
    server = () if has_postgres else (packages.POSTGRESQL,)
    prepare("develop", [*packages.TESTING, *server])


def demo(arguments: list[str]) -> int:
    """Set up and run the demonstration."""
    options = serving.parser("demo").parse_args(arguments)
    prepare()
    return serving.demo(options)


def run(arguments: list[str]) -> int:
    """Set up and run a real site."""
    options = serving.parser("run").parse_args(arguments)
    prepare()
    return serving.run(options)


def test(arguments: list[str]) -> int:
    """Set up and run the tests."""
    request = testing.read_arguments(arguments)
    prepare_tests()
    return testing.test(request)


def check(arguments: list[str]) -> int:
    """Set up what linters need, no more: they must run even where the site can't start."""
    refuse_words("check", arguments)
    packages.ensure(packages.RUNTIME)
    environment.ensure("develop")
    return checking.check()


def bench(arguments: list[str]) -> int:
    """Set up and measure."""
    prepare_tests()
    words = [environment.PYTHON, "-m", "tests.load.bench", *arguments]
    return processes.call(words, os.environ, cwd=ROOT)


def setup(arguments: list[str]) -> int:
    """Set up and stop there, for images and for machines that serve by systemd."""
    if arguments == ["--tests"]:
        prepare_tests()
    else:
        refuse_words("setup", arguments)
        prepare()
    say("已装好。")
    return 0


def lock(arguments: list[str]) -> int:
    """Make the locks anew; none of them is installed first, since it may be the broken one."""
    if arguments not in ([], ["--upgrade"]):
        refuse_words("lock", arguments)
    environment.ensure_venv()
    return checking.lock(arguments)


def refuse_words(verb: str, arguments: Sequence[str]) -> None:
    """Refuse words that the verb would otherwise silently ignore."""
    if arguments:
        raise Refusal(f"./manage {verb} 不认识：{' '.join(arguments)}", 2)


def site_command(arguments: list[str]) -> int:
    """Become a Flask command in the caller's folder, so that the names of files mean the same."""
    is_demo = arguments[0] == "--demo"
    prepare()
    words = [str(word) for word in serving.flask(*arguments[is_demo:])]
    os.execve(words[0], words, serving.site_environment(is_demo=is_demo))


VERBS: MappingProxyType[str, Callable[[list[str]], int]] = MappingProxyType(
    {
        "demo": demo,
        "run": run,
        "test": test,
        "check": check,
        "bench": bench,
        "setup": setup,
        "lock": lock,
    }
)
