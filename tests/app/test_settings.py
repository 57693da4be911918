"""Settings: what a fresh installation gets, and the sentence each wrong one is met with."""

import os
import stat
import subprocess
import sys
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.ground import settings
from app.ground.settings import Settings, SettingsError, load

ROOT = Path(__file__).resolve().parents[2]


def asked(tmp_path: Path, **wanted: str) -> Settings:
    """The settings of an environment whose data live in a folder of the test's own."""
    return load({"DATA_DIR": str(tmp_path / "data"), **wanted})


def test_a_fresh_installation_needs_nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = load({})
    assert chosen.data_dir == tmp_path / "data"
    assert chosen.database_url == f"sqlite:///{tmp_path}/data/guanjia.db"
    assert (chosen.host, chosen.port, chosen.base_url, chosen.web_threads) == (
        "127.0.0.1",
        5000,
        "http://127.0.0.1:5000",
        8,
    )
    assert (chosen.default_locale, chosen.log_level, chosen.cookie_secure, chosen.proxy_count) == (
        "zh_Hans_CN",
        "INFO",
        False,
        0,
    )
    assert (
        chosen.session_idle_minutes,
        chosen.session_hours,
        chosen.login_failures,
        chosen.login_lock_minutes,
    ) == (120, 12, 8, 15)
    assert (
        chosen.max_upload_mb,
        chosen.photo_max_mb,
        chosen.photos_per_record,
        chosen.masked_searches_a_day,
    ) == (20, 10, 20, 40)
    assert chosen.ratelimit_login == "20 per minute"
    assert len(chosen.secret_key) >= 32
    assert chosen.attachments == tmp_path / "data" / "attachments"


def test_every_setting_has_a_sentence_and_a_default_that_is_right_itself(tmp_path: Path) -> None:
    for field in fields(Settings):
        assert field.metadata["sentence"].endswith("."), field.name
        if field.default != "" and field.name != "data_dir":
            assert field.metadata["parse"](str(field.default)) == field.default, field.name


WRONG = [
    ("PORT", "abc", "PORT: 'abc' is not a whole number between 1 and 65535"),
    ("PORT", "0", "PORT: '0' is not a whole number between 1 and 65535"),
    ("PORT", "65536", "PORT: '65536' is not a whole number between 1 and 65535"),
    ("PORT", "５０００", "PORT: '５０００' is not a whole number between 1 and 65535"),
    ("WEB_THREADS", "0", "WEB_THREADS: '0' is not a whole number between 1 and 256"),
    ("PROXY_COUNT", "-1", "PROXY_COUNT: '-1' is not a whole number between 0 and 10"),
    (
        "SESSION_IDLE_MINUTES",
        "2 hours",
        "SESSION_IDLE_MINUTES: '2 hours' is not a whole number between 1 and 1440",
    ),
    ("SESSION_IDLE_MINUTES", "721", "SESSION_IDLE_MINUTES: 721 is longer than SESSION_HOURS, 12 hours"),
    ("SESSION_HOURS", "1.5", "SESSION_HOURS: '1.5' is not a whole number between 1 and 720"),
    ("LOGIN_FAILURES", "0", "LOGIN_FAILURES: '0' is not a whole number between 1 and 100"),
    (
        "LOGIN_LOCK_MINUTES",
        "9" * 50,
        f"LOGIN_LOCK_MINUTES: '{'9' * 50}' is not a whole number between 1 and 1440",
    ),
    (
        "MASKED_SEARCHES_A_DAY",
        "many",
        "MASKED_SEARCHES_A_DAY: 'many' is not a whole number between 1 and 100000",
    ),
    ("MAX_UPLOAD_MB", "20MB", "MAX_UPLOAD_MB: '20MB' is not a whole number between 1 and 1024"),
    ("PHOTO_MAX_MB", "21", "PHOTO_MAX_MB: 21 is more than MAX_UPLOAD_MB, 20"),
    ("PHOTOS_PER_RECORD", "", ""),
    ("PHOTOS_PER_RECORD", "x", "PHOTOS_PER_RECORD: 'x' is not a whole number between 1 and 500"),
    ("LOG_LEVEL", "loud", "LOG_LEVEL: 'loud' is none of DEBUG, INFO, WARNING, ERROR"),
    ("DEFAULT_LOCALE", "fr", "DEFAULT_LOCALE: 'fr' is none of zh_Hans_CN, en"),
    ("COOKIE_SECURE", "perhaps", "COOKIE_SECURE: 'perhaps' is neither true nor false"),
    ("HOST", "a b", "HOST: 'a b' is neither an address nor a machine's name"),
    (
        "BASE_URL",
        "guanjia.example.com",
        "BASE_URL: 'guanjia.example.com' is not an address such as https://guanjia.example.com",
    ),
    (
        "BASE_URL",
        "https://a:99999",
        "BASE_URL: 'https://a:99999' is not an address such as https://guanjia.example.com",
    ),
    (
        "BASE_URL",
        "https://a/?b=c",
        "BASE_URL: 'https://a/?b=c' is not an address such as https://guanjia.example.com",
    ),
    ("BASE_URL", "ftp://a", "BASE_URL: 'ftp://a' is not an address such as https://guanjia.example.com"),
    ("RATELIMIT_LOGIN", "often", "RATELIMIT_LOGIN: 'often' is not a rate such as '20 per minute'"),
    ("SECRET_KEY", "short", "SECRET_KEY: what is set is shorter than 32 characters"),
    (
        "DATA_DIR",
        "/dev/null/data",
        "DATA_DIR: '/dev/null/data' is not a folder that can be written in (Not a directory)",
    ),
    (
        "DATA_DIR",
        "/proc/guanjia",
        "DATA_DIR: '/proc/guanjia' is not a folder that can be written in (No such file or directory)",
    ),
]


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_a_wrong_setting_is_named_with_what_is_wrong(
    tmp_path: Path, name: str, value: str, sentence: str
) -> None:
    if not sentence:
        assert asked(tmp_path, **{name: value}) == asked(tmp_path)
        return
    with pytest.raises(SettingsError) as refused:
        asked(tmp_path, **{name: value})
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    "value",
    [
        "mysql://root:hush@db/guanjia",
        "postgresql+asyncpg://u:hush@db/g",
        "guanjia.db",
        "postgresql://u:hush@db:port/g",
    ],
)
def test_a_wrong_database_address_is_refused_without_telling_its_password(tmp_path: Path, value: str) -> None:
    with pytest.raises(
        SettingsError, match=r"^DATABASE_URL: what is set is not an address such as sqlite:"
    ) as refused:
        asked(tmp_path, DATABASE_URL=value)
    assert "hush" not in str(refused.value)


def test_a_sqlite_file_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError,
        match=r"DATABASE_URL: what is set names a file in a folder that isn't there: /nowhere/at",
    ):
        asked(tmp_path, DATABASE_URL="sqlite:////nowhere/at/all.db")


@pytest.mark.parametrize(
    "value", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:guanjia?mode=memory&cache=shared&uri=true"]
)
def test_a_database_in_memory_is_refused(tmp_path: Path, value: str) -> None:
    """The server and its commands, and what reads for a workbook, are processes of their own."""
    with pytest.raises(SettingsError, match=r"DATABASE_URL: what is set names a database in memory"):
        asked(tmp_path, DATABASE_URL=value)


def test_all_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        asked(tmp_path, PORT="x", LOG_LEVEL="y")
    assert [line.split(":")[0] for line in str(refused.value).splitlines()] == ["PORT", "LOG_LEVEL"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "postgresql://u:p%40@db1,db2/g",
            "postgresql+psycopg://u:p%40@/g?host=db1:5432&host=db2:5432&target_session_attrs=read-write",
        ),
        (
            "postgres://db1:5433,db2:5434/g",
            "postgresql+psycopg:///g?host=db1:5433&host=db2:5434&target_session_attrs=read-write",
        ),
        (
            "postgresql+psycopg://u@db1,db2:6/g?target_session_attrs=any&sslmode=require",
            "postgresql+psycopg://u@/g?host=db1:5432&host=db2:6&target_session_attrs=any&sslmode=require",
        ),
    ],
)
def test_several_hosts_are_asked_one_after_the_other(tmp_path: Path, given: str, kept: str) -> None:
    assert asked(tmp_path, DATABASE_URL=given).database_url == kept


@pytest.mark.parametrize(
    "given", ["postgres://u:p%40@db:5433/g?sslmode=require", "postgresql://u:p%40@db:5433/g?sslmode=require"]
)
def test_usual_postgresql_addresses_get_the_driver_at_hand(tmp_path: Path, given: str) -> None:
    assert (
        asked(tmp_path, DATABASE_URL=given).database_url
        == "postgresql+psycopg://u:p%40@db:5433/g?sslmode=require"
    )


def test_a_relative_sqlite_file_is_meant_from_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert asked(tmp_path, DATABASE_URL="sqlite:///here.db").database_url == f"sqlite:///{tmp_path}/here.db"


def test_what_follows_from_other_settings(tmp_path: Path) -> None:
    assert asked(tmp_path, PORT="8080").base_url == "http://127.0.0.1:8080"
    behind = asked(tmp_path, BASE_URL="https://guanjia.example.com/")
    assert (behind.base_url, behind.cookie_secure) == ("https://guanjia.example.com", True)
    assert asked(tmp_path, BASE_URL="https://guanjia.example.com", COOKIE_SECURE="no").cookie_secure is False
    assert asked(tmp_path, COOKIE_SECURE="On").cookie_secure is True
    assert (
        asked(tmp_path, LOG_LEVEL="debug").log_level,
        asked(tmp_path, DEFAULT_LOCALE="EN").default_locale,
    ) == ("DEBUG", "en")


def test_empty_and_unknown_variables_are_left_alone(tmp_path: Path) -> None:
    assert asked(tmp_path, PORT=" ", GUANJIA="x", PATH="/bin") == asked(tmp_path)


def test_the_data_folder_and_the_kept_key_are_for_their_owner_alone(tmp_path: Path) -> None:
    chosen = asked(tmp_path)
    assert stat.S_IMODE(chosen.data_dir.stat().st_mode) == 0o700
    assert stat.S_IMODE((chosen.data_dir / "secret_key").stat().st_mode) == 0o600
    assert os.listdir(chosen.data_dir) == ["secret_key"]
    assert asked(tmp_path).secret_key == chosen.secret_key
    assert asked(tmp_path, SECRET_KEY="k" * 32).secret_key == "k" * 32


def test_a_damaged_kept_key_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret_key").write_text("")
    with pytest.raises(SettingsError, match=r"SECRET_KEY: the one kept in .*secret_key is damaged"):
        asked(tmp_path)


def test_a_key_that_cannot_be_kept_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "data" / "secret_key").mkdir(parents=True)
    with pytest.raises(SettingsError, match="SECRET_KEY: none is set, and none can be kept in"):
        asked(tmp_path)


def test_processes_that_start_at_once_keep_one_key(tmp_path: Path) -> None:
    where = {"DATA_DIR": str(tmp_path / "data")}
    ask = f"from app.ground.settings import load; print(load({where!r}).secret_key)"
    started = [
        subprocess.Popen([sys.executable, "-c", ask], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    keys = {process.communicate(timeout=60)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0] * 6
    assert keys == {(tmp_path / "data" / "secret_key").read_text()}
    assert os.listdir(tmp_path / "data") == ["secret_key"]


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    shown = repr(asked(tmp_path, SECRET_KEY="hush" * 8, DATABASE_URL="postgresql://u:hush@db/g"))
    assert "hush" not in shown
    assert "port=5000" in shown


def test_flask_gets_what_it_reads_itself(tmp_path: Path) -> None:
    app = Flask("test")
    chosen = asked(tmp_path, MAX_UPLOAD_MB="30", SESSION_HOURS="9", COOKIE_SECURE="1")
    settings.init(app, chosen)
    assert app.config["SETTINGS"] is chosen
    assert app.config["SECRET_KEY"] == chosen.secret_key
    assert app.config["MAX_CONTENT_LENGTH"] == 31 * 1024 * 1024
    assert app.config["PERMANENT_SESSION_LIFETIME"] == timedelta(hours=9)
    assert (app.config["SESSION_COOKIE_SECURE"], app.config["SESSION_COOKIE_HTTPONLY"]) == (True, True)


def test_a_command_ends_with_the_sentence_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "started.py").write_text(
        "from app.ground.settings import load\n\n"
        "def create_app():\n    return load({'PORT': 'abc', 'DATA_DIR': 'd'})\n"
    )
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "started", "routes"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stderr.strip()) == (
        1,
        "Error: PORT: 'abc' is not a whole number between 1 and 65535",
    )
