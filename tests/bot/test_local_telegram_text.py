"""Text as Telegram counts and marks it: HTML parse mode, UTF-16 offsets, entities of plain text."""

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.local_telegram.text import (
    MarkupError,
    entity_text,
    found_entities,
    parse_html,
    trimmed,
    utf16_length,
)


@pytest.mark.parametrize(
    ("source", "text", "marks"),
    [
        ("nothing to mark", "nothing to mark", []),
        ("", "", []),
        ("<b>bold</b> <i>italic</i>", "bold italic", [("bold", "bold"), ("italic", "italic")]),
        ("<strong>a</strong><em>b</em>", "ab", [("bold", "a"), ("italic", "b")]),
        ("<u>a</u><s>b</s>", "ab", [("underline", "a"), ("strikethrough", "b")]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", "x")]),
        ('<span class="tg-spoiler">x</span>', "x", [("spoiler", "x")]),
        ("<b>out <i>in</i></b>", "out in", [("bold", "out in"), ("italic", "in")]),
        ("<code>x</code><pre>y</pre>", "xy", [("code", "x"), ("pre", "y")]),
        ('<pre><code class="language-sql">q</code></pre>', "q", [("pre", "q")]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", "q")]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", "q")]),
        ("😀<b>é😀</b>", "😀é😀", [("bold", "é😀")]),
        ("<b></b>x", "x", []),
        ("&lt;b&gt; &amp; &quot;&#33;&#x21;", '<b> & "!!', []),
        ("&nbsp; & &#0; &#xD800;", "&nbsp; & &#0; &#xD800;", []),
        ("a > b", "a > b", []),
        ("<B>x</b>", "x", [("bold", "x")]),
    ],
)
def test_html_becomes_text_and_marks(source, text, marks):
    parsed, entities = parse_html(source)
    assert parsed == text
    assert [(entity["type"], entity_text(parsed, entity)) for entity in entities] == marks


def test_a_link_keeps_its_address():
    text, (entity,) = parse_html('<a href="https://example.org/?a=1&amp;b=2">here</a>')
    assert (text, entity["type"], entity["url"]) == ("here", "text_link", "https://example.org/?a=1&b=2")


def test_the_language_of_a_program_text_is_kept_with_its_block():
    assert parse_html('<pre><code class="language-sql">q</code></pre>')[1][0]["language"] == "sql"


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("ąč <", 'Unsupported start tag "" at byte offset 5'),
        ("<", "Unsupported start tag"),
        ("<>", "Unsupported start tag"),
        ("<b", "Unsupported start tag"),
        ("<b>x", "Can't find end tag"),
        ("x</b>", "Unexpected end tag"),
        ("<b><i>x</b></i>", "Unmatched end tag"),
        ("<p>x</p>", 'Unsupported start tag "p"'),
        ("x<br>", 'Unsupported start tag "br"'),
        ("x<br/>", "Unsupported start tag"),
        ("<span>x</span>", 'Unsupported start tag "span"'),
        ("<a>x</a>", 'Unsupported start tag "a"'),
        ("<a href=https://example.org>x</a>", "Unsupported start tag"),
        ('<a href="javascript:alert()">x</a>', "Unsupported start tag"),
        ('<b class="x">x</b>', "Unsupported start tag"),
        ("<blockquote><blockquote>x</blockquote></blockquote>", "Nested"),
        ("<code><b>x</b></code>", "inside of"),
        ("<b>x</b class>", "End tag with attributes"),
    ],
)
def test_wrong_html_is_refused(source, complaint):
    with pytest.raises(MarkupError, match=complaint):
        parse_html(source)


@settings(deadline=None)
@given(st.text())
def test_escaped_text_comes_back_as_it_was(text):
    assert parse_html(escape(text)) == (text, [])


@settings(deadline=None)
@given(st.text(alphabet="<>/b ia&;#x=\"'pre1😀\n", max_size=60))
def test_the_parser_raises_nothing_but_its_own_error(source):
    try:
        text, entities = parse_html(source)
    except MarkupError:
        return
    for entity in entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)


MARKUP = st.recursive(
    st.text(max_size=8).map(escape),
    lambda inner: st.tuples(st.sampled_from(["b", "i", "u", "s"]), st.lists(inner, max_size=3)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    ),
)


@settings(deadline=None)
@given(MARKUP)
def test_well_nested_markup_is_read_and_its_marks_lie_within_each_other(source):
    _, entities = parse_html(source)
    spans = [(entity["offset"], entity["offset"] + entity["length"]) for entity in entities]
    for first, (start, end) in enumerate(spans):
        for start2, end2 in spans[first + 1 :]:
            assert start2 >= end or end2 <= end
            assert start2 >= start


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("nothing here", []),
        ("1/2 and and/or", []),
        ("a@b.example", []),
        ("/start", [("bot_command", "/start")]),
        ("/who@presswatch_bot Vaida", [("bot_command", "/who@presswatch_bot")]),
        ("hello @agne_l!", [("mention", "@agne_l")]),
        ("see https://example.org/a_(b)?c=1.", [("url", "https://example.org/a_(b)?c=1")]),
        ("(https://example.org/a)", [("url", "https://example.org/a")]),
        ("at news.example/7, today", [("url", "news.example/7")]),
        ("😀 /help", [("bot_command", "/help")]),
    ],
)
def test_commands_mentions_and_links_are_marked_in_what_people_write(text, found):
    entities = found_entities(text)
    assert [(entity["type"], entity_text(text, entity)) for entity in entities] == found


@settings(deadline=None)
@given(st.text(alphabet="/@ a.:htps😀org\n(),"))
def test_entities_lie_within_the_text(text):
    for entity in found_entities(text):
        assert entity["length"] > 0
        assert entity["offset"] + entity["length"] <= utf16_length(text)


@settings(deadline=None)
@given(st.text(alphabet=" \n😀ab", max_size=12), st.data())
def test_trimming_keeps_each_mark_on_its_words(text, data):
    units = utf16_length(text)
    start = data.draw(st.integers(0, units))
    entity = {"type": "bold", "offset": start, "length": data.draw(st.integers(0, units - start))}
    kept, entities = trimmed(text, [entity])
    assert kept == text.strip()
    for moved in entities:
        assert entity_text(kept, moved) in entity_text(text, entity)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("ąžė", 3), ("😀", 2), ("e\u0301", 2)])
def test_length_is_counted_in_utf16_units(text, length):
    assert utf16_length(text) == length
