"""Which update goes to which handler: the first that fits."""

from datetime import UTC, datetime, timedelta

from telegram import Update
from telegram.ext import (
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    InlineQueryHandler,
    MessageHandler,
    TypeHandler,
    filters,
)

from handlers import (
    article,
    asking,
    buttons,
    deliveries,
    digests,
    doubts,
    entrance,
    erasing,
    exporting,
    inline,
    limiting,
    membership,
    operating,
    other,
    pictures,
    prompting,
    sharing,
    speaking,
    start,
    stories,
    watching,
)
from handlers.context import App
from handlers.correcting import answers, log, menu, persons
from handlers.errors import Failures
from handlers.jobs import on_minute
from handlers.sharing import needing
from handlers.speaking import tell_commands
from handlers.subscribing import commands, typed
from handlers.subscribing import menu as wish_menu
from services.access import Right

# The kinds of update that we ask Telegram for; it remembers the last wish, so it is told at every start.
ALLOWED_UPDATES = [
    Update.MESSAGE,
    Update.EDITED_MESSAGE,
    Update.CHANNEL_POST,
    Update.EDITED_CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.INLINE_QUERY,
]

# A film that plays by itself is a document to Telegram too.
_FILES = filters.Document.ALL & ~filters.ANIMATION

MINUTE = timedelta(minutes=1)


def register(app: App, failures: Failures) -> None:
    """Bind every handler to the application."""
    new = filters.UpdateType.MESSAGE | filters.UpdateType.CHANNEL_POST
    # What tells of the chat is about fifty kinds of message, and none of them has a text.
    said = new & (filters.TEXT | ~filters.StatusUpdate.ALL)
    by_name = {
        "start": start.on_start,
        "help": start.on_help,
        "privacy": erasing.on_privacy,
        "retention": erasing.on_retention,
        "forget_me": erasing.on_forget_me,
        "forget_chat": erasing.on_forget_chat,
        "settings": commands.on_settings,
        "language": speaking.on_command,
        "article": article.on_command,
        "who": asking.on_who,
        "claims": asking.on_claims,
        "search": asking.on_search,
        "story": stories.on_command,
        "timeline": pictures.on_timeline,
        "export": exporting.on_command,
        "net": pictures.on_net,
        "doubts": needing(Right.CORRECT, doubts.on_command),
        "deliveries": deliveries.on_command,
        "digest": digests.on_digest,
        "subscribe": commands.on_subscribe,
        "unsubscribe": commands.on_unsubscribe,
        "watch": watching.on_command,
        "fix": needing(Right.CORRECT, menu.on_fix_command),
        "undo": needing(Right.CORRECT, log.on_undo_command),
        "history": log.on_history_command,
        "share": sharing.on_share,
        "members": sharing.on_members,
        "leave": sharing.on_leave,
        "status": operating.on_status,
    }
    own = new & ~filters.FORWARDED
    # Before all others: what answers a question of ours is nothing else.
    replies = own & (filters.REPLY | filters.ChatType.PRIVATE) & filters.TEXT & ~filters.COMMAND
    app.add_handlers(
        {
            -4: [
                MessageHandler(said & filters.ChatType.PRIVATE, prompting.on_any),
                CallbackQueryHandler(prompting.on_any),
            ],
            -2: [MessageHandler(replies, typed.on_answer)],
            -1: [MessageHandler(replies, answers.on_answer)],
        }
    )
    # A place, or a word, is for us only where we asked for it.
    private = own & filters.ChatType.PRIVATE
    app.add_handler(MessageHandler(private & filters.LOCATION, typed.on_place), group=-2)
    app.add_handler(MessageHandler(private & filters.TEXT & ~filters.COMMAND, typed.on_cancel), group=-3)
    app.add_handler(MessageHandler(filters.StatusUpdate.CHAT_SHARED, typed.on_chat_shared))
    app.add_handler(TypeHandler(Update, entrance.on_any), group=-9)
    app.add_handlers([MessageHandler(own & filters.COMMAND, limiting.on_command), *limiting.TAPS], group=-8)
    app.add_handler(MessageHandler(own & filters.Regex(start.ARTICLE), start.on_article))
    app.add_handler(MessageHandler(own & filters.Regex(stories.LINK), stories.on_link))
    app.add_handler(MessageHandler(own & filters.Regex(sharing.LINK), sharing.on_link))
    app.add_handlers([CommandHandler(name, handler, filters=own) for name, handler in by_name.items()])
    app.add_handler(MessageHandler(own & filters.COMMAND, other.on_unknown_command))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED, article.on_edit))
    app.add_handler(MessageHandler(new & (filters.TEXT | filters.CAPTION | _FILES), article.on_message))
    app.add_handler(MessageHandler(said, other.on_unreadable))
    app.add_handler(CallbackQueryHandler(buttons.on_card_button, buttons.CARD))
    app.add_handler(CallbackQueryHandler(asking.on_person, asking.PERSON))
    app.add_handler(CallbackQueryHandler(asking.on_page, asking.PAGE))
    app.add_handler(CallbackQueryHandler(asking.on_pick, asking.PICK))
    app.add_handler(CallbackQueryHandler(buttons.on_batch_button, buttons.BATCH))
    app.add_handler(CallbackQueryHandler(buttons.on_file_button, buttons.FILE))
    app.add_handler(CallbackQueryHandler(pictures.on_button, pictures.PICTURE))
    app.add_handler(CallbackQueryHandler(needing(Right.CORRECT, menu.on_fix), menu.FIX))
    app.add_handler(CallbackQueryHandler(needing(Right.CORRECT, persons.on_same), persons.SAME))
    app.add_handler(CallbackQueryHandler(needing(Right.CORRECT, persons.on_split), persons.SPLIT))
    app.add_handler(CallbackQueryHandler(needing(Right.CORRECT, log.on_undo), log.UNDO))
    app.add_handler(CallbackQueryHandler(log.on_history, log.HISTORY))
    app.add_handler(CallbackQueryHandler(needing(Right.CORRECT, doubts.on_button), doubts.DOUBT))
    app.add_handler(CallbackQueryHandler(stories.on_button, stories.STORY))
    app.add_handlers(
        [
            CallbackQueryHandler(sharing.on_share_button, sharing.SHARE),
            CallbackQueryHandler(sharing.on_join, sharing.JOIN),
            CallbackQueryHandler(sharing.on_member, sharing.MEMBER),
            CallbackQueryHandler(sharing.on_leave_button, sharing.LEAVE),
        ]
    )
    app.add_handler(CallbackQueryHandler(watching.on_button, watching.WATCH))
    app.add_handler(CallbackQueryHandler(deliveries.on_page, deliveries.PAGE))
    app.add_handler(CallbackQueryHandler(digests.on_delivery, digests.DIGEST))
    app.add_handler(CallbackQueryHandler(digests.on_news, digests.NEWS))
    app.add_handler(CallbackQueryHandler(wish_menu.on_all, wish_menu.ALL))
    app.add_handler(CallbackQueryHandler(wish_menu.on_wish, wish_menu.WISH))
    app.add_handler(CallbackQueryHandler(speaking.on_button, speaking.LANGUAGE))
    app.add_handlers(
        [
            CallbackQueryHandler(erasing.on_forget, erasing.FORGET),
            CallbackQueryHandler(erasing.on_keep, erasing.KEEP),
            CallbackQueryHandler(buttons.on_unknown_button),
        ]
    )
    app.add_handler(InlineQueryHandler(inline.on_query))
    app.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, membership.on_migration))
    app.add_handler(ChatMemberHandler(membership.on_membership, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_error_handler(failures.on_error)


async def prepare(app: App) -> None:
    """Tell Telegram our commands, and look at the clock at the start of every minute."""
    await tell_commands(app.bot)
    assert app.job_queue is not None  # noqa: S101  # the job-queue extra is a requirement of ours
    # A tick that comes late is still good: what is due is read from our own table.
    options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    app.job_queue.run_repeating(on_minute, MINUTE, first=_next_minute(), name="digests", job_kwargs=options)
    app.job_queue.run_once(on_minute, 0, name="digests after a pause", job_kwargs=options)


def _next_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0) + MINUTE
