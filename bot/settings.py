"""Settings from the environment or ``.env``, prefix ``PRESSWATCH_``; all mistakes are named at once."""

import importlib.util
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import available_timezones

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.defaults import MODEL
from bot.defaults import PREFIX as PREFIX
from domain.limits import Limits
from domain.limits import parse as parse_limits
from readers.web.addresses import parse_allowed
from storage.connection import HOW_WRITTEN, is_well_written
from storage.opening import SQLITE, on_server

_LANGUAGE = re.compile("[a-z]{2}")
# Telegram's numbers of users have at most 52 bits.
_USER = re.compile("[1-9][0-9]{0,15}")
_HIGHEST_CHAT = 1 << 52
# What Telegram takes, and long enough not to be guessed.
_SECRET = re.compile("[A-Za-z0-9_-]{16,256}")
_PLACE = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>[0-9]{1,5})")


class Settings(BaseSettings):
    """What the operator has set; see the README for what each means."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
        frozen=True,
    )

    token: SecretStr | None = None
    api_base_url: str = "https://api.telegram.org"
    # Its password is for no eyes.
    database_url: Annotated[str, Field(repr=False)] = "sqlite:///presswatch.db"
    model: str = MODEL
    models: str = ""
    timezone: str = "UTC"
    private_addresses: str = ""
    allowed_users: str = ""
    limits: str = ""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8080"
    metrics_listen: str | None = None
    operator_chat: int | None = None
    # Minutes that what is due waits, and megabytes that the disk has free, before the operator is told.
    alert_late: Annotated[int, Field(ge=1)] = 10
    alert_disk: Annotated[int, Field(ge=1)] = 1000
    sentry_dsn: SecretStr | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["auto", "json", "console"] = "auto"

    @field_validator("token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _looks_like_a_token(token.get_secret_value()):
            raise ValueError("this is no bot token; @BotFather gives one like 123456:ABC-DEF")
        return token

    @field_validator("api_base_url")
    @classmethod
    def _address(cls, address: str) -> str:
        if not _is_address(address):
            raise ValueError("write the root of a Bot API server, as https://HOST or http://HOST:PORT")
        return address.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        if on_server(url):
            if not is_well_written(url):
                raise ValueError(HOW_WRITTEN)
            return url
        path = url.removeprefix(SQLITE)
        if path in ("", url):
            raise ValueError("write sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")
        if not Path(path).absolute().parent.is_dir():
            raise ValueError(f"there is no folder {Path(path).absolute().parent}")
        return url

    @field_validator("webhook_url")
    @classmethod
    def _webhook(cls, url: str | None) -> str | None:
        if url is not None and not (url.startswith("https://") and _is_address(url)):
            raise ValueError("write https://HOST/PATH, where Telegram can reach it")
        return url

    @field_validator("webhook_secret")
    @classmethod
    def _secret(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("write 16 to 256 letters of A-Z and a-z, digits, _ and -; or leave it out")
        return secret

    @field_validator("listen", "metrics_listen")
    @classmethod
    def _place(cls, place: str | None) -> str | None:
        if place is not None:
            parse_place(place)
        return place

    @field_validator("operator_chat")
    @classmethod
    def _chat(cls, chat: int | None) -> int | None:
        if chat == 0 or (chat is not None and abs(chat) >= _HIGHEST_CHAT):
            raise ValueError("write the number of a chat, as 123456789 or -1001234567890")
        return chat

    @field_validator("model")
    @classmethod
    def _installed(cls, model: str) -> str:
        if not _is_installed(model):
            raise ValueError(f"no spaCy pipeline {model} is installed")
        return model.replace("-", "_")

    @field_validator("models")
    @classmethod
    def _pairs(cls, models: str) -> str:
        wrong, languages = [], []
        for pair in filter(None, map(str.strip, models.split(","))):
            language, _, model = map(str.strip, pair.partition("="))
            languages.append(language)
            if not _LANGUAGE.fullmatch(language) or not model:
                wrong.append("write LANGUAGE=PIPELINE, as fr=fr_core_news_md, and a comma between two")
            elif language == "en":
                wrong.append("the English pipeline is set in PRESSWATCH_MODEL")
            elif not _is_installed(model):
                wrong.append(f"no spaCy pipeline {model} is installed")
        wrong += [f"{language} is set twice" for language in sorted(set(languages)) if languages.count(language) > 1]
        if wrong:
            raise ValueError("; ".join(dict.fromkeys(wrong)))
        return models

    @field_validator("timezone")
    @classmethod
    def _zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("this is no IANA time zone such as Europe/Vilnius or UTC")
        return zone

    @field_validator("private_addresses")
    @classmethod
    def _places(cls, places: str) -> str:
        parse_allowed(_listed(places))
        return places

    @field_validator("allowed_users")
    @classmethod
    def _users(cls, users: str) -> str:
        wrong = [each for each in _listed(users) if not _USER.fullmatch(each)]
        if wrong:
            raise ValueError("write the users' numbers, as 123456789, and a comma between two; names do not count")
        return users

    @field_validator("limits")
    @classmethod
    def _limits(cls, limits: str) -> str:
        parse_limits(limits)
        return limits

    @property
    def limited(self) -> Limits:
        """What users and chats may have done."""
        return parse_limits(self.limits)

    @property
    def let_in(self) -> frozenset[int]:
        """The users to whom the bot is open; everybody, where it is none."""
        return frozenset(int(each) for each in _listed(self.allowed_users))

    @property
    def allowed_private(self) -> tuple[str, ...]:
        """The networks and hosts that are not public and yet may be fetched from."""
        return _listed(self.private_addresses)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must stand in no log."""
        kept = [each.get_secret_value() for each in (self.token, self.webhook_secret, self.sentry_dsn) if each]
        given = urlsplit(self.database_url)
        passwords = [given.password or "", dict(parse_qsl(given.query)).get("password", "")]
        return (*kept, *passwords, *map(unquote, passwords))

    @property
    def further_models(self) -> tuple[tuple[str, str], ...]:
        """The languages besides English, by ISO 639-1 code, each with its pipeline."""
        pairs = (pair.partition("=") for pair in self.models.split(",") if pair.strip())
        return tuple((language.strip(), model.strip().replace("-", "_")) for language, _, model in pairs)

    @property
    def all_models(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The English pipeline, and those of other languages."""
        return self.model, self.further_models

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return Path(self.database_url.removeprefix("sqlite:///"))


def parse_place(place: str) -> tuple[str, int]:
    """Return host and port of HOST:PORT or [IPV6]:PORT; raises ValueError."""
    found = _PLACE.fullmatch(place)
    if found is None or int(found["port"]) > 65535:
        raise ValueError("write HOST:PORT, as 127.0.0.1:8080")
    return found["six"] or found["host"], int(found["port"])


def _is_address(address: str) -> bool:
    """Return whether an address of the web has a host, a port that there may be, and no password for all to see."""
    try:
        parts = urlsplit(address)
        has_place = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and has_place and not re.search(r"[\s@]", address)


def _listed(given: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", given) if part)


def _is_installed(pipeline: str) -> bool:
    """Look a pipeline up by its name alone: importing it would import spaCy."""
    name = pipeline.replace("-", "_")
    return name.isidentifier() and importlib.util.find_spec(name) is not None


def _looks_like_a_token(token: str) -> bool:
    number, colon, secret = token.partition(":")
    return bool(colon) and number.isdigit() and len(secret) >= 3 and not any(map(str.isspace, secret))


def load() -> Settings | list[str]:
    """Return the settings, or a line for each mistake in them, by the name under which it is set."""
    wrong = [
        f"{name}: there is no such setting" for name in sorted(_given()) if _field(name) not in Settings.model_fields
    ]
    try:
        current = Settings()
    except ValidationError as error:
        return _mistakes(error) + wrong
    return wrong or current


def _given() -> set[str]:
    names = {*os.environ, *dotenv_values(".env")}
    return {name for name in names if name.upper().startswith(PREFIX)}


def _field(name: str) -> str:
    return name.upper().removeprefix(PREFIX).lower()


def _mistakes(error: ValidationError) -> list[str]:
    return [
        f"{PREFIX}{str(each['loc'][0]).upper() if each['loc'] else ''}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors()
    ]
