"""Where a line of an article leads, by who brought it and who reads it."""

from dataclasses import replace

import pytest

from domain.chats import ChatIdentity, ChatKind
from domain.ledger import ArticleReference
from handlers.replies.reading import read_in
from handlers.replies.wording import link
from tests.samples import NOON, forward

ANN = ChatIdentity(100, ChatKind.PRIVATE, "Ann", "annlee")
DESK = ChatIdentity(-1001234, ChatKind.SUPERGROUP, "Desk")
PUBLIC = ChatIdentity(-1005678, ChatKind.CHANNEL, "News", "newsdesk")
GROUP = ChatIdentity(-77, ChatKind.GROUP, "Small")
ALONE, COMMAND, MESSAGE, OPEN = "t.me/pressbot?start=a7", " /a7", "t.me/c/1234/3", "t.me/newsdesk/3"


@pytest.mark.parametrize(
    ("brought_to", "reader", "leads"),
    [
        (ANN, None, ALONE),
        (ANN, ANN, ALONE),
        (ANN, DESK, COMMAND),
        (ANN, replace(ANN, id=200), ALONE),
        (DESK, None, MESSAGE),
        (DESK, DESK, MESSAGE),
        (DESK, ANN, ALONE),
        (DESK, GROUP, COMMAND),
        (PUBLIC, ANN, OPEN),
        (PUBLIC, GROUP, OPEN),
        (GROUP, GROUP, COMMAND),
        (GROUP, DESK, COMMAND),
        (GROUP, ANN, ALONE),
    ],
)
def test_a_line_leads_where_its_reader_may_go(brought_to: ChatIdentity, reader: ChatIdentity | None, leads: str):
    article = ArticleReference(7, "Berths sold", "Harbour Post", NOON, forward(brought_to, 3))
    with read_in(reader.id if reader else None):
        shown = link(article, "pressbot")
    assert leads in shown
    assert not [other for other in {ALONE, COMMAND, MESSAGE, OPEN} - {leads} if other in shown]


@pytest.mark.parametrize(("brought_to", "leads"), [(ANN, None), (DESK, None), (GROUP, None), (PUBLIC, OPEN)])
def test_where_a_digest_is_sent_for_another_chat_only_public_messages_are_led_to(
    brought_to: ChatIdentity, leads: str | None
):
    article = ArticleReference(7, "Berths sold", "Harbour Post", NOON, forward(brought_to, 3))
    with read_in(-1009999, sees=False):
        shown = link(article, "pressbot")
    assert (leads in shown) if leads else not [each for each in (ALONE, COMMAND, MESSAGE) if each in shown]
