"""Every way in, for a chat against another chat's collection: what it is shown does not depend on what is there.

One chat has articles whose every field bears a rare word. Another one, and a group of the same people, asks for it in
every way that the bot knows, with numbers that are right. All of it is done twice, with another rare word each time in
the articles but the same one in what is asked: what is shown must be the same to the letter. That the owner does find
the word by the same ways shows that they lead somewhere.
"""

import asyncio
import io
import re
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from telegram.ext import CallbackQueryHandler, CommandHandler

from bot.local_telegram import Chat, Message, User, origin_hidden_user
from domain import pace
from domain.chats import Role
from domain.corrections import CorrectionKind, Editor
from domain.extraction import (
    Attribution,
    AttributionKind,
    Extraction,
    Factuality,
    KeyClaim,
    Metadata,
    Source,
    Span,
)
from domain.sharing import Inviter
from extraction.fingerprint import fingerprint
from extraction.layout import Paragraph, ParagraphKind
from services import access, delivering, sharing
from services.chats import know
from services.correcting import making
from storage.values import to_text
from tests.bot.support import World, open_world
from tests.samples import chat_identity, named, passage
from tests.services.conftest import Prepared

ASKED, OTHER, PLAIN = "Zwyrqel", "Hjuvran", "Plainer"


# What else an article says, by its number: enough for a fingerprint that tells one from the other.
FURTHER = {
    1: "The {word}ish council meets again on Friday to hear what became of the money for the northern quay. "
    "Whoever bought the ground has until the end of the month to show where the first half was paid.",
    2: "Nobody in the town has been asked so far about the cranes that went missing from the old yard in spring. "
    "A list of them hangs at the gate, and each morning somebody strikes out one more line with a red pen.",
}


def text_of(word: str, number: int) -> str:
    """An article whose words bear ``word``; of the same length for words of the same length."""
    return (
        f"{word}ina Berg said the {word} berths of {word}haven number {number} were sold. "
        f"{word}o Lind denied the {word} sale. " + FURTHER[number].format(word=word)
    )


class Marked(Prepared):
    """An extraction that finds the rare word of a text in everything that there is to find."""

    async def extract(self, text: str, given: Metadata) -> Extraction:
        word = text[: len(ASKED)]
        one, two = f"{word}ina Berg", f"{word}o Lind"
        people = (named(text, one, roles=(f"{word}master",)), named(text, two))
        first = passage(text, f"the {word} berths of {word}haven")
        second = passage(text, f"the {word} sale")
        attributions = (
            _said(text, one, 0, first, Factuality.CERTAIN),
            _said(text, two, 1, second, Factuality.DENIED),
        )
        claims = (KeyClaim(first.text, first.spans, 0, (0,), Factuality.CERTAIN, 1),)
        told = Metadata(f"{word}haven sells berths", f"{word} Post", (f"{word} Writer",), "2026-03-10", "en")
        body = Paragraph(ParagraphKind.BODY, text, Span(0, len(text)))
        return Extraction(told, people, attributions, claims, fingerprint([body]))


def _said(text: str, name: str, person: int, content: object, factuality: Factuality) -> Attribution:
    source = Source(name, passage(text, name).spans, person)
    return Attribution(source, None, content, factuality, AttributionKind.SPEECH)  # type: ignore[arg-type]


# How each command is asked; one that is new has to be told here how it asks for what another chat has.
COMMANDS = {
    "start": ["/start", "/start a{article}", "/start t{story}", "/start {used}", "/start {open}x", "/start s"],
    "help": ["/help"],
    "privacy": ["/privacy"],
    "settings": ["/settings"],
    "article": ["/article"],
    "who": [f"/who {ASKED}ina Berg", f"/who {ASKED}", f"/who {ASKED}inna"],
    "claims": [f"/claims {ASKED}ina Berg", f"/claims {ASKED}o about {ASKED}"],
    "search": [f"/search {ASKED}", f"/search {ASKED[:4]}", "/search berths"],
    "story": [f"/story {ASKED}", "/story berths"],
    "timeline": [f"/timeline {ASKED}ina Berg"],
    "net": [f"/net {ASKED}ina Berg"],
    "export": [f"/export person {ASKED}ina Berg", f"/export jsonl publisher {ASKED} Post", "/export jsonl"],
    "doubts": ["/doubts"],
    "deliveries": ["/deliveries"],
    "digest": ["/digest", "/digest 30d"],
    "subscribe": ["/subscribe", "/subscribe 08:00 UTC"],
    "unsubscribe": ["/unsubscribe"],
    "fix": ["/fix"],
    "undo": ["/undo"],
    "history": ["/history", "/history 2"],
    "share": ["/share"],
    "members": ["/members"],
    "leave": ["/leave"],
    "language": ["/language"],
    "status": ["/status"],
    "watch": [f"/watch {ASKED}ina Berg", f"/watch {ASKED}", "/watch", "/watch quiet"],
    "retention": ["/retention"],
    "forget_me": ["/forget_me"],
    "forget_chat": ["/forget_chat"],
}
# Questions, numbers, and what else is written.
WORDS = [
    f"who is {ASKED}ina Berg?",
    f"what did {ASKED}ina Berg say about the berths?",
    f"who said that the {ASKED} berths were sold?",
    f"did {ASKED}o Lind deny the sale?",
    f"what is new about {ASKED}ina Berg?",
    f"what does the {ASKED} Post report?",
    "who denied the sale?",
    f"{ASKED}ina Berg",
    "/a{article}",
    f"who is the {ASKED}master?",
    "/a999999",
]
# What each kind of button sends; one that is new has to be told here what it asks for.
BUTTONS = {
    "buttons.CARD": ["card:{article}", "claims:{article}:0", "people:{article}:0"],
    "asking.PERSON": ["who:{person}:0", "says:{person}:0"],
    "asking.PAGE": ["ask:0", "ask:1"],
    "asking.PICK": ["whom:{person}"],
    "buttons.BATCH": ["batch:{batch}:0"],
    "buttons.FILE": ["file:each", "file:one"],
    "pictures.PICTURE": ["pic:timeline:{person}", "pic:net:{person}"],
    "menu.FIX": [
        "fix:{article}",
        "fix:{article}:m",
        "fix:{article}:sp:{claim}",
        "fix:{article}:s:{claim}:{person}",
        "fix:{article}:c:{claim}",
        "fix:{article}:f:{claim}:0",
        "fix:{article}:n:{person}",
        "fix:{article}:w:{person}",
        "fix:{article}:w:{person}:{other_person}",
        "fix:{article}:wt:{person}",
        "fix:{article}:j:{person}",
        "fix:{article}:lr",
        "fix:{article}:h",
        "fix:{article}:e",
        "fix:{article}:E",
        "fix:{own_article}:w:{own_person}:{person}",
        "fix:{own_article}:s:{own_claim}:{person}",
    ],
    "persons.SAME": ["same:{person}", "same:{person}:m", "same:{person}:t", "same:{own_person}:{person}"],
    "persons.SPLIT": ["split:{person}", "split:{person}:0"],
    "log.UNDO": ["undo:{correction}", "undo:{correction}:0"],
    "log.HISTORY": ["history:0", "history:0:{article}"],
    "doubts.DOUBT": ["doubt:{doubt}:next", "doubt:{doubt}:same", "doubt:{doubt}:unsure"],
    "stories.STORY": ["story:{story}:0", "story:{story}:1"],
    "sharing.SHARE": ["share:off:{invitation}"],
    "sharing.JOIN": ["join:{used}", "join:{open}x", "join:s", "join:no"],
    "sharing.MEMBER": [
        "member:all",
        "member:{chat}:show",
        "member:{chat}:editor",
        "member:{chat}:out",
        "member:{friend}:show",
    ],
    "sharing.LEAVE": ["leave:yes", "leave:no"],
    "deliveries.PAGE": ["deliveries:0", "deliveries:1"],
    "wish_menu.ALL": ["sub:all"],
    "wish_menu.WISH": ["sub:{subscription}:m", "sub:{subscription}:d", "sub:{subscription}:p"],
    "watching.WATCH": ["watch:who:{person}", "watch:who:{other_person}", "watch:name", "watch:stop:{watch}"],
    "digests.DIGEST": ["digest:{delivery}:0", "digest:{delivery}:all"],
    "digests.NEWS": ["news:0:4102444800:0", "news:0:4102444800:all"],
    "speaking.LANGUAGE": ["language:which", "language:en"],
    "erasing.KEEP": ["keep:which", "keep:ask:1", "keep:no"],
    "erasing.FORGET": ["forget:no", "forget:me:{chat}"],
}
# What of the buttons shows none of these words even to who has them: a file that is gone, a tap that says no, times.
SHOW_NOTHING = {
    *("asking.PAGE", "buttons.FILE", "deliveries.PAGE", "erasing.FORGET", "erasing.KEEP"),
    *("sharing.JOIN", "sharing.LEAVE", "sharing.SHARE", "speaking.LANGUAGE", "wish_menu.ALL"),
}


@pytest.fixture(autouse=True)
def _at_any_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    """So much is asked in a row that Telegram's limits would have the answers wait for minutes."""
    for limit in ("OVERALL", "IN_A_GROUP", "EDITS_IN_A_GROUP", "BURST"):
        monkeypatch.setattr(pace, limit, 100_000)


@dataclass
class Told:
    """What a chat was shown by one step: messages as they stand, answers to taps, what is offered inline, files."""

    step: str
    shown: list[tuple[object, ...]] = field(default_factory=list)

    @property
    def words(self) -> str:
        return repr(self.shown)


@dataclass
class Stage:
    """A running bot with a chat that has articles, and one that must not see them."""

    world: World
    bob: User
    home: Chat
    numbers: dict[str, object]

    async def at(self, chat: Chat, step: str, doing: object) -> Told:
        """Wait until a step is done with, and return what it has changed in a chat."""
        local = self.world.local
        before = {each.id: each.edits for each in local.messages(chat)}
        answered, offered = len(local.answers), set(local.inline_answers)
        if callable(doing):
            doing()
        await quiet(self.world)
        told = Told(step)
        for each in local.messages(chat):
            if before.get(each.id) != each.edits:
                buttons = [(button.text, button.data, button.url) for button in each.buttons]
                told.shown.append((_timeless(each.html), buttons, _files(local, each)))
        told.shown += [(each.text, each.alert) for each in local.answers[answered:]]
        for query in set(local.inline_answers) - offered:
            told.shown += [(each.title, each.description, each.html) for each in local.inline_answers[query].results]
        return told

    async def write(self, chat: Chat, user: User | None, text: str, **how: object) -> Told:
        said = text.format(**self.numbers) if "{" in text else text
        return await self.at(chat, text, lambda: self.world.local.send_text(chat, user, said, **how))  # type: ignore[arg-type]

    async def ask_inline(self, chat: Chat, user: User, text: str) -> Told:
        return await self.at(chat, f"inline {text}", lambda: self.world.local.ask_inline(user, text))

    async def tap(self, chat: Chat, user: User, message: Message, data: str) -> Told:
        sent = data.format(**self.numbers)
        return await self.at(chat, data, lambda: self.world.local.press(message, sent, user, forged=True))


def _timeless(html: str) -> str:
    return re.sub(r"\d\d:\d\d", "HH:MM", html)


def _files(local: object, message: Message) -> list[object]:
    """The names of the files in a zip, and whether a rare word is in them; their times and random numbers differ."""
    document = message.content.get("document")
    if document is None:
        return ["photo"] if message.content.get("photo") else []
    data = local.files[document["file_id"]].data  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        texts = {name: packed.read(name) for name in packed.namelist()}
    return [
        (re.sub(r"\d", "0", name), [word for word in (ASKED, OTHER) if word.encode() in text])
        for name, text in sorted(texts.items())
    ]


async def quiet(world: World) -> None:
    """Wait until no update and no job is left but those that wait for longer than a gathering takes."""
    async with asyncio.timeout(20):
        while world.local.updates.pending or await _is_busy(world):  # noqa: ASYNC110  # the queue rings no bell
            await asyncio.sleep(0.02)


async def _is_busy(world: World) -> bool:
    soon = to_text(world.services.clock() + timedelta(seconds=2.5))
    async with world.services.database.reading() as db:
        row = await db.one(
            "SELECT COUNT(*) AS open FROM jobs WHERE state IN ('ready', 'running') AND run_at <= :soon", soon=soon
        )
    return row is None or row["open"] > 0


@asynccontextmanager
async def stage(path: Path, word: str) -> AsyncIterator[Stage]:
    """Open a stage on which Ann's chat has articles that bear a word, and all else there is to have."""
    async with open_world(path, Marked()) as world:
        local = world.local
        bob = local.create_user("Bob")
        home = local.create_private_chat(bob)
        made = Stage(world, bob, home, {})
        names = local.create_user(word)
        for number in (1, 2):
            await made.write(
                world.chat,
                world.ann,
                text_of(word, number),
                forward_origin=origin_hidden_user(names.first_name, 0),
            )
        await made.write(home, bob, text_of(PLAIN, 1))
        made.numbers = await _numbers(made, word)
        yield made
        assert await world.failed_jobs() == []


async def _numbers(made: Stage, word: str) -> dict[str, object]:
    """Give Ann's chat what articles alone do not bring, and return the numbers of all that it has."""
    services, ann = made.world.services, made.world.chat.id
    home = await know(services, chat_identity(ann))
    friend = chat_identity(4242)
    editor = Editor(ann, f"{word} Editor", ann)
    await making.metadata(services, ann, 1, CorrectionKind.PUBLISHER, f"{word} Herald", editor)
    by = Inviter(ann, f"{word} Host", ann)
    used = await sharing.invite(services, home.identity, by, Role.READER)
    opened = await sharing.invite(services, home.identity, by, Role.EDITOR)
    assert used is not None and opened is not None
    assert await sharing.join(services, friend, used[0]) is not None
    await quiet(made.world)
    async with services.database.transaction() as db:
        await db.run("UPDATE chats SET title = :title WHERE id = :id", title=f"{word} Friends", id=friend.id)

        async def first(sql: str, **values: object) -> object:
            row = await db.one(sql, **values)
            assert row is not None, sql
            return next(iter(row.values()))

        people = await db.all(
            "SELECT id FROM persons WHERE collection_id = :c AND canonical_id = id ORDER BY id", c=home.collection
        )
        one, two = people[0]["id"], people[1]["id"]
        doubt = await first(
            """INSERT INTO doubts (collection_id, person_id, candidate_id, article_id, score, evidence, raised_at)
            VALUES (:c, :one, :two, 1, 0.5, :why, '2026-03-10T00:00:00.000Z') RETURNING id""",
            c=home.collection,
            one=one,
            two=two,
            why=f'[{{"kind": "fellows", "names": ["{word} evidence"]}}]',
        )
        batch = await first(
            """INSERT INTO batches (chat_id, sender_id, first_message_id, first_sent_at, last_sent_at)
            VALUES (:chat, 0, 1, '2026-03-10T00:00:00.000Z', '2026-03-10T00:00:00.000Z') RETURNING id""",
            chat=ann,
        )
        await db.run("INSERT INTO batch_items VALUES (:batch, 1, '1', 1, 0, NULL)", batch=batch)
        subscription = await first(
            """INSERT INTO subscriptions (chat_id, target_id, thread_id, owner_id, times, days, timezone, filters,
                when_empty, state, next_run, created_at)
            VALUES (:chat, :chat, 0, 0, '["08:00"]', '[1]', 'UTC', :filters, 'line', 'active',
                '2036-03-10T08:00:00.000Z', '2026-03-10T00:00:00.000Z') RETURNING id""",
            chat=ann,
            filters=f'{{"words": "{word}"}}',
        )
        delivery = await first(
            """INSERT INTO deliveries (subscription_id, local_date, local_time, due, since, until, state)
            VALUES (:subscription, '2026-03-10', '08:00', '2026-03-10T08:00:00.000Z', '2026-03-09T08:00:00.000Z',
                '2036-03-10T08:00:00.000Z', 'sent') RETURNING id""",
            subscription=subscription,
        )
        watch = await first(
            """INSERT INTO watches (chat_id, thread_id, owner_id, name, person_id, created_at)
            VALUES (:chat, 0, 0, :name, :person, '2026-03-10T00:00:00.000Z') RETURNING id""",
            chat=ann,
            name=f"{word}ina Berg",
            person=one,
        )
        return {
            "article": 1,
            "person": one,
            "other_person": two,
            "claim": await first("SELECT MIN(id) FROM claims WHERE article_id = 1"),
            "correction": await first("SELECT MIN(id) FROM corrections WHERE chat_id = :chat", chat=ann),
            "story": await first("SELECT MIN(id) FROM stories WHERE collection_id = :c", c=home.collection),
            "own_article": 3,
            "own_person": await first("SELECT MIN(id) FROM persons WHERE collection_id <> :c", c=home.collection),
            "own_claim": await first("SELECT MIN(id) FROM claims WHERE article_id = 3"),
            "doubt": doubt,
            "delivery": delivery,
            "watch": watch,
            "batch": batch,
            "subscription": subscription,
            "invitation": opened[1].id,
            "chat": ann,
            "friend": friend.id,
            # These are random: the first has been used, the second gets a letter more.
            "used": used[0],
            "open": opened[0],
        }


async def everything(made: Stage, chat: Chat, user: User) -> list[Told]:
    """Ask for all that there is, as somebody in a chat, and return what it showed."""
    mention = "" if chat.type == "private" else f"@{made.world.app.bot.username} "
    texts = [*(each for several in COMMANDS.values() for each in several), *WORDS]
    written = [await made.write(chat, user, each if each[0] == "/" else mention + each) for each in texts]
    base = await base_of(made, chat, user)
    follow = await made.write(chat, user, f"and about {ASKED}haven?", reply_to=base)
    # Ann may have herself forgotten from anywhere.
    asked = [name for name in BUTTONS if user is made.bob or name != "erasing.FORGET"]
    tapped = [await made.tap(chat, user, base, each) for name in asked for each in BUTTONS[name]]
    # Whoever asks inline asks their own private chat, wherever they are.
    offers = (ASKED, f"{ASKED}ina Berg", "", "berths") if user is made.bob else ()
    inline = [await made.ask_inline(chat, user, each) for each in offers]
    return [*written, follow, *tapped, *inline]


async def base_of(made: Stage, chat: Chat, user: User) -> Message:
    """A message of the bot's, whose buttons are forged."""
    await made.write(chat, user, "/help")
    return made.world.local.messages(chat)[-1]


async def as_bob(path: Path, word: str) -> list[Told]:
    """What Bob is shown in his own chat, and everybody in a group of Ann's, who is in both."""
    async with stage(path, word) as made:
        local = made.world.local
        told = await everything(made, made.home, made.bob)
        group = local.create_supergroup("Desk", made.world.ann, bot_status="administrator")
        told += await everything(made, group, made.world.ann)
        told.append(await digest_of(made))
        # Last, as it brings the word into Bob's own archive: the same text, one nearly the same, and a file.
        for text in (text_of(ASKED, 1), text_of(ASKED, 1) + "It ends here."):
            told.append(await made.write(made.home, made.bob, text, forward_origin=origin_hidden_user("Ida", 0)))
        told.append(await made.write(made.home, made.bob, f"who is {ASKED}ina Berg?"))
        told.append(await made.write(made.home, made.bob, "/story"))
        async with made.world.services.database.reading() as db:
            articles = await db.all("SELECT id FROM articles WHERE id < 3")
            watches = await db.all("SELECT id FROM watches WHERE id = :watch", watch=made.numbers["watch"])
        assert (len(articles), len(watches)) == (2, 1)
        return told


async def digest_of(made: Stage) -> Told:
    """Bob's daily digest, at its time."""
    services = made.world.services
    async with services.database.transaction() as db:
        await db.run(
            """INSERT INTO subscriptions (chat_id, target_id, thread_id, owner_id, times, days, timezone, filters,
                when_empty, state, next_run, created_at)
            VALUES (:chat, :chat, 0, 0, :times, '[1,2,3,4,5,6,7]', 'UTC', '{}', 'line', 'active', :now, :before)""",
            chat=made.home.id,
            times=f'["{services.clock():%H:%M}"]',
            now=to_text(services.clock() - timedelta(seconds=1)),
            before=to_text(services.clock() - timedelta(days=2)),
        )
    await delivering.plan_due(services)
    return await made.at(made.home, "digest", None)


async def test_what_a_chat_is_shown_does_not_depend_on_what_others_have(tmp_path: Path):
    """Whatever Bob and his group ask, with the right word and the right numbers, it is as if it were not there."""
    with_it, without = await asyncio.gather(as_bob(tmp_path / "with.db", ASKED), as_bob(tmp_path / "without.db", OTHER))
    assert [each.step for each in with_it] == [each.step for each in without]
    assert [(one.step, one.shown) for one in with_it] == [(other.step, other.shown) for other in without]
    assert not [each.step for each in without if OTHER.casefold() in each.words.casefold()]


async def test_a_number_that_another_chat_has_is_as_one_that_nobody_has(tmp_path: Path):
    """What Bob is shown does not tell whether there is such an article, person, claim, batch, wish or chat."""
    texts = ["/a{article}", "/start a{article}", "/start t{story}"]
    data = [each for several in BUTTONS.values() for each in several if "{" in each]
    async with stage(tmp_path / "test.db", ASKED) as made:
        right, shown = dict(made.numbers), []
        nobodys = {name: 987_654_321 for name, number in right.items() if isinstance(number, int)}
        for numbers in (right, right | nobodys | {name: right[name] for name in right if name.startswith("own_")}):
            made.numbers = numbers
            base = await base_of(made, made.home, made.bob)
            told = [await made.write(made.home, made.bob, each) for each in texts]
            told += [await made.tap(made.home, made.bob, base, each) for each in data]
            shown.append([(each.step, _numberless(each.words)) for each in told])
    assert shown[0] == shown[1]


def _numberless(words: str) -> str:
    """Words without the numbers that were asked for, which a button may send on."""
    return re.sub(r"\d+", "0", words)


async def test_the_same_ways_show_it_to_whoever_has_it(tmp_path: Path):
    """Every kind of button, and every command and question about it, leads the owner to the rare word."""
    blind = []
    async with stage(tmp_path / "test.db", OTHER) as made:
        chat, ann = made.world.chat, made.world.ann
        for name, data in BUTTONS.items():
            base = await base_of(made, chat, ann)
            shown = "".join([(await made.tap(chat, ann, base, each)).words for each in data if not _ends(each)])
            if OTHER not in shown and name not in SHOW_NOTHING:
                blind.append(name)
        for text in (*COMMANDS["who"], *COMMANDS["search"], *COMMANDS["story"], *WORDS[:-2], *COMMANDS["start"][1:3]):
            own = text.replace(ASKED, OTHER).replace(ASKED[:4], OTHER[:4])
            told = await made.write(chat, ann, own)
            if not _beside(told.words, own):
                blind.append(text)
    assert " ".join(blind) == ""


def _ends(data: str) -> bool:
    """What would take something away that those after it ask for."""
    taking = (":E", ":same", ":out", ":d", ":c:{claim}", "me:{chat}", "stop:{watch}", "leave:yes", "undo:{correction}")
    return data.endswith(taking)


def _beside(words: str, asked: str) -> bool:
    """Return whether the rare word is shown otherwise than as it was asked for."""
    return f"{OTHER}haven" in words or f"{OTHER} Post" in words or f"{OTHER} Herald" in words


async def test_every_command_and_button_is_in_the_table(tmp_path: Path):
    """A new one has to be told here how it asks for what another chat has."""
    async with open_world(tmp_path / "test.db", Prepared()) as world:
        handlers = [each for group in world.app.handlers.values() for each in group]
    commands = {name for each in handlers if isinstance(each, CommandHandler) for name in each.commands}
    patterns = {
        each.pattern.pattern  # type: ignore[union-attr]
        for each in handlers
        if isinstance(each, CallbackQueryHandler) and each.pattern is not None
    }
    assert commands == set(COMMANDS)
    known = [re.compile(each) for each in patterns]
    sent = {name: [_filled(each) for each in data] for name, data in BUTTONS.items()}
    for pattern in known:
        assert any(pattern.match(each) for data in sent.values() for each in data), pattern.pattern
    assert len(known) == len(BUTTONS)
    for name, data in sent.items():
        assert all(any(pattern.match(each) for pattern in known) for each in data), name


def _filled(data: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: "s" + "A" * 48 if found[1] in ("used", "open") else "1", data)


@pytest.mark.parametrize("role", list(Role))
def test_what_each_role_may_do(role: Role):
    may = {
        Role.OWNER: {"read", "add", "correct", "manage"},
        Role.EDITOR: {"read", "add", "correct"},
        Role.READER: {"read"},
    }
    assert {right.value for right in access.RIGHTS[role]} == may[role]
