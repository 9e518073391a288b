"""System libraries: which are wanted and why, which are missing, and how they are installed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from manage_parts.console import NOT_POSSIBLE_HERE, Refusal, say, succeeds

TRUST_THE_OPERATOR = "CLEAN_WINDOW_SYSTEM_READY"
"""Set to 1 where the libraries were put in place without dpkg; the check is then left out."""


@dataclass(frozen=True)
class Package:
    """A Debian package and the reason, in the user's words, for which it is needed."""

    name: str
    reason: str


RUNTIME = (
    Package("libpango-1.0-0", "PDF 排版：文字整形与断行"),
    Package("libpangoft2-1.0-0", "PDF 排版：读取字体"),
    Package("libharfbuzz-subset0", "PDF 只嵌入用到的字，文件才小"),
    Package("libharfbuzz-bin", "装机时裁好中文字体"),
    Package("fonts-noto-cjk", "中文字体"),
)
TESTING = (
    Package("chromium", "浏览器测试（要看 PDF 的）"),
    Package("chromium-headless-shell", "浏览器测试（其余的，省三成时间）"),
    Package("libatomic1", "驱动浏览器的 Playwright 需要"),
    Package("poppler-utils", "检查生成的 PDF"),
    Package("strace", "故障测试：在写盘时中断进程"),
)
POSTGRESQL = Package("postgresql", "在 PostgreSQL 上再测一遍（只用其程序，自建临时库）")
PIP = Package("python3-pip", "安装 Python 依赖")
NPM = Package("npm", "取得旧版 Chromium")


def ensure(wanted: Iterable[Package]) -> None:
    """Install what is missing, or raise the Refusal that says exactly what to type."""
    lacking = missing(wanted)
    if not lacking:
        return
    prefix = privilege()
    if prefix is None:
        raise Refusal(explain(lacking, "缺少系统软件包，当前用户无权安装："), NOT_POSSIBLE_HERE)
    say("正在安装系统软件包：" + " ".join(package.name for package in lacking))
    if not all(succeeds([*prefix, *command]) for command in apt_commands(lacking)):
        raise Refusal(explain(lacking, "没能装上系统软件包，原因见上："), NOT_POSSIBLE_HERE)


def missing(wanted: Iterable[Package]) -> list[Package]:
    """List the packages that dpkg does not call installed; all of them where there is no dpkg."""
    if os.environ.get(TRUST_THE_OPERATOR) == "1":
        return []
    wanted = list(wanted)
    present = installed([package.name for package in wanted])
    return [package for package in wanted if package.name not in present]


def installed(names: Sequence[str]) -> set[str]:
    """Ask dpkg which of these names are fully installed."""
    query = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    if not names or shutil.which("dpkg-query") is None:
        return set()
    # A name that dpkg never heard of makes it exit with 1; the others are answered all the same.
    answer = subprocess.run(query, capture_output=True, text=True, check=False).stdout
    rows = [line.split() for line in answer.splitlines()]
    return {row[0] for row in rows if row[1:] == ["installed"]}


def privilege() -> list[str] | None:
    """Give the words that must stand before apt-get, or None where it can't be used at all."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return quiet
    if shutil.which("sudo") is None:
        return None
    return ["sudo", *([] if on_terminal() else ["-n"]), *quiet]


def on_terminal() -> bool:
    """Whether somebody is there to type a password."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def apt_commands(lacking: Iterable[Package]) -> list[list[str]]:
    """List the two apt-get calls; a package list that was never fetched knows no package."""
    # Another apt may be running, for instance the unattended upgrades just after boot.
    patient = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    names = [package.name for package in lacking]
    return [
        [*patient, "update"],
        [*patient, "install", "-y", "--no-install-recommends", *names],
    ]


def explain(lacking: Sequence[Package], heading: str) -> str:
    """Write what is missing, why each is needed, and the command that mends it."""
    lines = [heading, *(f"  {package.name:<22}{package.reason}" for package in lacking)]
    names = " ".join(package.name for package in lacking)
    if shutil.which("apt-get") is None:
        lines.append("本机不是 Debian 系统（没有 apt-get）。请用本机的办法装好与上列相当的软件包，")
        return "\n".join([*lines, f"再这样运行：{TRUST_THE_OPERATOR}=1 ./manage …"])
    lines.append("请管理员（root）执行，然后再运行一次本命令：")
    return "\n".join(
        [*lines, f"  apt-get update && apt-get install -y --no-install-recommends {names}"]
    )


def fetch_file(package: str, pattern: str, target: Path) -> bool:
    """Take one file out of a Debian package without installing it; False where it can't be had.

    `pattern` is its place in the package, with `*`. No right of root is needed.
    """
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    # Beside the target, so that the whole file takes its place at once.
    with tempfile.TemporaryDirectory(prefix=".package-", dir=target.parent) as folder:
        taken = Path(folder, "taken")
        if not take_out(package, pattern, Path(folder), taken):
            return False
        taken.rename(target)
    return True


def take_out(package: str, pattern: str, folder: Path, taken: Path) -> bool:
    """Download a package into a folder, and write one of its files to `taken`."""
    if not quietly(["apt-get", "-q", "download", package], folder):
        return False
    unpack = ["sh", "-c", 'dpkg-deb --fsys-tarfile ./*.deb | tar -x -O --wildcards "$0"', pattern]
    with taken.open("wb") as stream:
        done = subprocess.run(
            unpack, cwd=folder, stdout=stream, stderr=subprocess.DEVNULL, check=False
        )
    return done.returncode == 0 and taken.stat().st_size > 0


def quietly(command: Sequence[str], folder: Path) -> bool:
    """Run a command in a folder, unheard; tell whether it did what it should."""
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


def postgresql_programs() -> Path | None:
    """Find the newest server programs; Debian keeps them off the PATH, one folder a version."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(folders, key=lambda initdb: int(initdb.parts[-3]), default=None)
    found = newest or shutil.which("initdb")
    return Path(found).parent if found else None
