"""Checks a call's parameters against the facts of the Bot API in methods.json, and decodes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as package_files
from typing import Any, cast

from bot.local_telegram.objects import Json

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ATTACHED = re.compile(r"attach://([^\"\\]+)")
_INTEGER = re.compile(r"-?[0-9]{1,18}")


class Refused(Exception):  # noqa: N818 - the field's word: the Bot API refuses a request
    """The Bot API says no: `status` is the HTTP status, `parameters` as in ResponseParameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The answer's JSON object."""
        body: Json = {"ok": False, "error_code": self.status, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad_request(description: str) -> Refused:
    return Refused(400, f"Bad Request: {description}")


@cache
def api_facts() -> Json:
    """The content of methods.json: what each method and each type takes."""
    source = package_files("bot.local_telegram").joinpath("methods.json").read_text("utf-8")
    return cast(Json, json.loads(source))


def canonical(method: str) -> str | None:
    """The method's name as written in the Bot API, which takes it in any case; None if it has no such."""
    return next((name for name in api_facts()["methods"] if name.lower() == method.lower()), None)


def checked(method: str, raw: Mapping[str, Any], uploads: Mapping[str, object]) -> Json:
    """The parameters of a call, decoded. `raw` values are form strings or JSON values.

    Raises `Refused` (400) for an unknown or missing parameter and for a value of the wrong type. Telegram
    ignores parameters that it does not know: a misspelt one should not pass unseen here.
    """
    facts = api_facts()["methods"][method]
    types = {**facts["required"], **facts["optional"]}
    values = {name: value for name, value in raw.items() if value is not None}
    attached = {name for value in values.values() for name in _ATTACHED.findall(_written(value))}
    unknown = (set(raw) | set(uploads)) - set(types) - attached
    if unknown:
        raise bad_request(f'{method} has no parameter "{min(unknown)}"')
    for name in facts["required"]:
        if name not in values and name not in uploads:
            raise bad_request(f'{method} needs the parameter "{name}"')
    decoded = {name: _decoded(value, types[name]) for name, value in values.items() if name in types}
    for name, value in decoded.items():
        if not _fits(value, types[name]):
            raise bad_request(f'parameter "{name}" of {method} is not {" or ".join(types[name])}')
    return decoded


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _decoded(value: Any, types: list[str]) -> Any:
    if not isinstance(value, str):
        return value
    if types == ["Integer", "String"]:
        return int(value) if _INTEGER.fullmatch(value) else value
    if "String" in types:
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _fits(value: Any, types: list[str]) -> bool:
    return any(_fits_one(value, kind) for kind in types)


def _fits_one(value: Any, kind: str) -> bool:
    if kind.startswith("Array of "):
        inner = kind.removeprefix("Array of ")
        return isinstance(value, list) and all(_fits_one(item, inner) for item in value)
    match kind:
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "String" | "InputFile":
            return isinstance(value, str) and not _SURROGATE.search(value)
    return isinstance(value, dict) and _fits_object(value, kind)


def _fits_object(value: Json, kind: str) -> bool:
    facts = api_facts()["types"][kind]
    if "one_of" in facts:
        return any(_fits_object(value, member) for member in facts["one_of"])
    types = {**facts["required"], **facts["optional"]}
    complete = all(name in value for name in facts["required"])
    return complete and all(name in types and _fits(item, types[name]) for name, item in value.items())
