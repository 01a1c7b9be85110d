"""What Sentry is told: where a fault was raised and of which kind it is, and nothing that anybody wrote."""

import json
import sys
from typing import ClassVar

import pytest
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from telegram.error import InvalidToken

from bot.sentry import SentryUnusableError, event_of, open_sentry

NAME = "Odo Markerson"


def fault() -> BaseException:
    """A fault that quotes what it was given, and so does what led to it."""
    article = f"an article about {NAME}"
    try:
        try:
            raise KeyError(article)
        except KeyError as error:
            raise RuntimeError(f"nobody is called {NAME}") from error
    except RuntimeError as error:
        return error


def test_a_fault_is_told_with_what_led_to_it_and_without_its_words():
    event = event_of({"action": "job.error", "kind": "send", "event": NAME, "job": 7}, fault())
    assert event["tags"] == {"action": "job.error", "kind": "send"}
    assert [each["type"] for each in event["exception"]["values"]] == ["KeyError", "RuntimeError"]
    assert [each["stacktrace"]["frames"][-1]["function"] for each in event["exception"]["values"]] == ["fault", "fault"]
    assert "Markerson" not in json.dumps(event)


def test_a_line_without_a_fault_is_told_by_its_action():
    assert event_of({"action": "webhook.refused", "error": NAME}, None) == {
        "level": "error",
        "message": "webhook.refused",
        "tags": {"action": "webhook.refused"},
    }


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Envelope]:
    """What goes out by Kept."""
    monkeypatch.setattr(Kept, "sent", [])
    return Kept.sent


class Kept(Transport):
    """A way out on which all is kept."""

    sent: ClassVar[list[Envelope]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent.append(envelope)


def test_a_fault_that_goes_on_is_told_once_a_minute_and_others_meanwhile(sent: list[Envelope]):
    now = 0.0
    report, close = open_sentry("https://key@sentry.example/1", "1.2", clock=lambda: now, transport=Kept)
    for second in range(120):
        now = float(second)
        report({"action": "queue.error", "kind": "send"}, fault())
    report({"action": "queue.error", "kind": "fetch"}, fault())
    report({"action": "queue.error", "kind": "fetch"}, ValueError())
    report({"action": "updates.conflict"}, None)
    close()
    assert len(sent) == 2 + 3


def test_what_telegram_says_is_told_without_the_token():
    error = InvalidToken("The token `123:abcdef` was rejected by the server.")
    (told,) = event_of({"action": "job.error"}, error, ["123:abcdef"])["exception"]["values"]
    assert told["value"] == "The token `[secret]` was rejected by the server."


def test_what_leaves_the_machine_has_no_name_text_or_place_in_it(sent: list[Envelope]):
    report, close = open_sentry("https://key@sentry.example/1", "1.2", transport=Kept)
    report({"action": "job.error"}, fault())
    close()
    (envelope,) = sent
    told = envelope.get_event()
    assert told["release"] == "presswatch@1.2"
    assert told["server_name"] == ""
    assert {"user", "request", "breadcrumbs", "extra", "modules"}.isdisjoint(told)
    written = json.dumps(told, default=str)
    assert "Markerson" not in written
    assert "vars" not in written


def test_what_is_no_dsn_is_said():
    with pytest.raises(SentryUnusableError, match="no DSN"):
        open_sentry("sentry.example", "1.2")


def test_where_the_extra_is_missing_it_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(SentryUnusableError, match=r"\[sentry\]"):
        open_sentry("https://key@sentry.example/1", "1.2")
