"""The benchmarks: `./manage bench [NAME...]`, or `python -m tests.load.bench [NAME...]`.

Exit status 1 means that something acknowledged was lost or done twice, or that an error occurred
that should not. An aim that is not reached is printed and is no failure: other work on the machine
moves every time, so a person reads it beside the hello of the same run.
"""

import argparse
import importlib
import os
import sys

from manage_parts.commands import speak_anyhow
from tests.load import report
from tests.load.report import Options

NAMES = (
    "hello",
    "start",
    "light",
    "signin",
    "exam",
    "roster",
    "flood",
    "portraits",
    "pdf",
    "bank",
    "draw",
    "live",
    "remark",
)


def main(arguments: list[str]) -> int:
    """Run the benches that are named, or all."""
    asked = parser().parse_args(arguments)
    options = Options(people=asked.people, seconds=asked.seconds, is_full=asked.full)
    return max([run(name, options) for name in asked.names or NAMES])


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    made = argparse.ArgumentParser(prog="manage bench", description="性能测量")
    made.add_argument("names", nargs="*", metavar="NAME", type=known, help="、".join(NAMES))
    made.add_argument(
        "--people",
        type=int,
        help="signin、exam、roster、portraits、pdf：多少人；bank：多少道题；draw：多少份卷；live、remark：多少人",
    )
    made.add_argument(
        "--seconds", type=float, help="exam：作答多少秒；signin：几秒内登录完；flood：冲击多少秒"
    )
    made.add_argument("--full", action="store_true", help="signin、exam：600人（exam 约17分钟）")
    return made


def known(name: str) -> str:
    """Accept the name of a bench."""
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"没有这项测量：{name}；有 {'、'.join(NAMES)}")
    return name


def run(name: str, options: Options) -> int:
    """Run one bench; 1 if it failed."""
    load_before = os.getloadavg()[0]
    result = importlib.import_module(f"tests.load.bench_{name}").run(options)
    report.write(result, load_before)
    return 1 if result.failures else 0


if __name__ == "__main__":
    speak_anyhow()
    sys.exit(main(sys.argv[1:]))
