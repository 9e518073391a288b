"""Deployment settings, from the environment only. No secret has a default.

Business numbers are not here: they belong to their room, in the database. The table of variables
in docs/deployment.md is compared with `VARIABLES` by a test.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SECRET_KEY_BYTES = 32

VARIABLES = {
    "CLEAN_WINDOW_VAR": "数据目录；默认是检出目录下的 var/",
    "DATABASE_URL": "数据库地址；默认是数据目录里的 SQLite 文件",
    "CLEAN_WINDOW_DEMO": "1：演示大厅，允许不输密码进入各角色；只可用于演示",
    "CLEAN_WINDOW_DEMO_OPEN": "1：演示大厅也接受别的机器进入；任何人都能以任何角色进入",
    "CLEAN_WINDOW_PLAIN_HTTP": "1：明文 HTTP（没有 TLS），页面上会有提示",
    "CLEAN_WINDOW_FONTS": "打印字体目录；默认是 .venv/fonts",
    "CLEAN_WINDOW_ADDRESS": "网址，印在激活单上，例如 https:// 开头的那一个；不设就不印",
    "CLEAN_WINDOW_TRUSTED_PROXIES": "反向代理的地址，用逗号隔开；只信它们写的 X-Forwarded-For",
    "CLEAN_WINDOW_ADMIN_NETWORKS": "管理员账号可以从哪些网段使用，用逗号隔开；不设就不限",
}


Network = IPv4Network | IPv6Network


class ConfigError(Exception):
    """The environment can't run the site; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """One installation's deployment settings."""

    var: Path
    database_url: str
    is_demo: bool
    is_demo_open: bool
    is_plain_http: bool
    fonts: Path
    address: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    admin_networks: tuple[Network, ...] = ()

    @property
    def secret_key_file(self) -> Path:
        """Where the key that signs cookies lies, mode 0600."""
        return self.var / "secrets" / "session-key"


def read_config(environment: dict[str, str] | None = None) -> Config:
    """Read the settings from `environment` (by default the process's)."""
    env = os.environ if environment is None else environment
    var = Path(env.get("CLEAN_WINDOW_VAR") or ROOT / "var").resolve()
    return Config(
        var=var,
        database_url=env.get("DATABASE_URL") or f"sqlite:///{var / 'db'}",
        is_demo=env.get("CLEAN_WINDOW_DEMO") == "1",
        is_demo_open=env.get("CLEAN_WINDOW_DEMO_OPEN") == "1",
        is_plain_http=env.get("CLEAN_WINDOW_PLAIN_HTTP") == "1",
        fonts=Path(env.get("CLEAN_WINDOW_FONTS") or ROOT / ".venv" / "fonts").resolve(),
        address=env.get("CLEAN_WINDOW_ADDRESS", "").strip(),
        trusted_proxies=read_networks(env, "CLEAN_WINDOW_TRUSTED_PROXIES"),
        admin_networks=read_networks(env, "CLEAN_WINDOW_ADMIN_NETWORKS"),
    )


def read_networks(env: Mapping[str, str], name: str) -> tuple[Network, ...]:
    """Read a list of addresses and networks; raises ConfigError rather than leave one out."""
    try:
        parts = (part.strip() for part in env.get(name, "").split(","))
        return tuple(ip_network(part) for part in parts if part)
    except ValueError as error:
        message = f"{name} 里有写错的地址或网段：{error}"
        raise ConfigError(message) from error


def prepare_var(config: Config) -> None:
    """Make the data directory and the signing key where they are missing; private to the owner."""
    for folder in (config.var, config.var / "secrets", config.var / "files"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not config.secret_key_file.exists():
        write_secret(config.secret_key_file, secrets.token_hex(SECRET_KEY_BYTES))


def write_secret(path: Path, text: str) -> None:
    """Write a secret file readable by its owner alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def find_secret_key(config: Config) -> str | None:
    """Give the signing key, or None where the data directory has not been made yet."""
    try:
        return read_secret_key(config)
    except ConfigError:
        return None


def read_secret_key(config: Config) -> str:
    """Read the signing key; raises ConfigError with the command that makes it."""
    try:
        return config.secret_key_file.read_text(encoding="utf-8").strip()
    except FileNotFoundError as error:
        message = "数据目录还没有准备好：请用 ./manage run 或 ./manage demo 启动。"
        raise ConfigError(message) from error
