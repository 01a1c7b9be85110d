"""``presswatch``: the commands. What each needs beyond settings is imported when it is called."""

import asyncio
import json
import signal
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
import uvloop
from rich.console import Console

from bot.logs import configure
from bot.settings import Settings, load
from domain.exports import Form, Selection
from storage.connection import DatabaseUnusableError
from storage.opening import on_server

app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False)
errors = Console(stderr=True)

FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130

Result = TypeVar("Result")


def main() -> None:
    """Run the command line."""
    app()


@app.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Presswatch keeps who said what, how surely, in the articles that you forward to it.

    Without a command: the bot where PRESSWATCH_TOKEN is set, else a chat with it in this terminal.
    """
    if context.invoked_subcommand is None:
        (run if settings().token else chat)()


@app.command()
def run() -> None:
    """Run the bot: needs PRESSWATCH_TOKEN."""
    from bot.running import run_bot

    current = settings()
    if current.token is None:
        fail("PRESSWATCH_TOKEN: not set; @BotFather gives you one. Without it, presswatch chat works here.")
    if (problem := start(run_bot(current, current.token.get_secret_value()))) is not None:
        fail(problem)


@app.command()
def worker() -> None:
    """Read, answer and send beside other processes, which receive the updates: needs PRESSWATCH_TOKEN, PostgreSQL."""
    from bot.running import run_worker

    current = settings()
    if current.token is None:
        fail("PRESSWATCH_TOKEN: not set; a worker needs that of the bot whose work it does.")
    _need_server(current)
    if (problem := start(run_worker(current, current.token.get_secret_value()))) is not None:
        fail(problem)


@app.command()
def receive() -> None:
    """Take a bot's updates by webhook for workers to handle; any number of them: needs PRESSWATCH_TOKEN, PostgreSQL."""
    from bot.running import run_receiver

    current = settings()
    if current.token is None:
        fail("PRESSWATCH_TOKEN: not set; a receiver needs that of the bot whose updates it takes.")
    if current.webhook_url is None:
        fail("PRESSWATCH_WEBHOOK_URL: not set; write the address, https://…, at which Telegram reaches this machine.")
    _need_server(current)
    if (problem := start(run_receiver(current, current.token.get_secret_value()))) is not None:
        fail(problem)


@app.command()
def chat(
    play: Annotated[bool, typer.Option("--tour", help="Play a short tour instead of asking for input.")] = False,
) -> None:
    """The same bot in this terminal: no token, no network. Where nobody can type, a tour plays by itself."""
    current = settings(default_log_level="ERROR")
    if play or not sys.stdin.isatty():
        from bot.terminal.tour import SEEDS, tour

        if not SEEDS.is_dir():
            fail("The tour needs the folder seeds/ of a clone; presswatch chat talks in a terminal.")
        start(tour(current, Console(width=None if sys.stdout.isatty() else 100)))
    else:
        from bot.terminal.chat import chat as talk

        if (problem := start(talk(current))) is not None:
            fail(problem)


@app.command()
def extract(
    places: Annotated[list[str] | None, typer.Argument(help="Files or links; else standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the record instead of the card.")] = False,
    as_lines: Annotated[bool, typer.Option("--jsonl", help="Read and print one JSON record a line.")] = False,
) -> None:
    """Read articles and print what they say; nothing is kept."""
    from bot.extracting import card_text, lines, record
    from bot.reading import articles

    current = settings()
    if as_lines:
        for result in lines(current.all_models, sys.stdin.buffer):
            print(json.dumps(result, ensure_ascii=False), flush=True)
        return
    failed = False
    for name, article in articles(current, places or []):
        if isinstance(article, str):
            errors.print(f"{name}: {article}", markup=False)
            failed = True
        elif as_json:
            found = record(current.all_models, name, article.text, article.metadata)
            print(json.dumps(found, ensure_ascii=False, indent=2))
            failed = failed or "error" in found
        else:
            failed = not card_text(current.all_models, article, Console()) or failed
    if failed:
        raise typer.Exit(FAILED)


@app.command("import")
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(help="Articles, folders of them, .jsonl, .mbox, or Telegram's own chat export (result.json)."),
    ],
    to: Annotated[int | None, typer.Option("--chat", help="The chat whose archive it is; else the terminal's.")] = None,
    report: Annotated[
        typer.FileTextWrite | None,
        typer.Option(encoding="utf-8", errors="replace", lazy=False, help="A file to list all in that was skipped."),
    ] = None,
) -> None:
    """Take archives in; safe to stop and run again."""
    from bot.importing import import_paths

    current = settings(default_log_level="ERROR")
    missing = [path for path in paths if not path.exists()]
    if missing:
        fail("There is no " + ", no ".join(str(path) for path in missing))
    if (problem := start(import_paths(current, paths, to, errors, report))) is not None:
        fail(problem)


@app.command()
def reextract(
    chat_: Annotated[
        int | None, typer.Option("--chat", help="The chat whose archive it is; else all of this bot's.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was received since this day.")
    ] = None,
    after: Annotated[int, typer.Option(help="Only articles with higher numbers: to go on after a stop.")] = 0,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell what would change; keep nothing.")] = False,
) -> None:
    """Read all articles again, after a change of model or rules; corrections hold, nothing is sent anew."""
    from bot.rereading import reextract as reread

    current = settings(default_log_level="ERROR")
    moment = since.replace(tzinfo=UTC) if since else None
    if (problem := start(reread(current, chat_, moment, after, errors, dry_run=dry_run))) is not None:
        fail(problem)


@app.command()
def export(
    form: Annotated[
        Form, typer.Option("--format", help="JSON lines, CSV in a zip, or schema.org's JSON-LD.")
    ] = Form.LINES,
    of_chat: Annotated[
        int | None, typer.Option("--chat", help="The chat whose archive it is; else the terminal's.")
    ] = None,
    collection: Annotated[int | None, typer.Option(help="A collection, by its number, instead of a chat.")] = None,
    since: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles since this day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles up to this day.")] = None,
    person: Annotated[str | None, typer.Option(help="Only articles that name this person.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Only articles of this publisher.")] = None,
    language: Annotated[str | None, typer.Option(help="Only articles in this language, as in: en.")] = None,
    output: Annotated[Path | None, typer.Option(help="A file; else standard output.")] = None,
) -> None:
    """Write all articles, people, claims, relations and corrections; import restores an archive from JSON lines."""
    from bot.exporting import export_archive

    current = settings(default_log_level="ERROR")
    if of_chat is not None and collection is not None:
        fail("--chat or --collection, not both")
    if form is Form.TABLES and output is None and sys.stdout.isatty():
        fail("--output: a zip is nothing for a screen; name a file")
    days = [moment.date() if moment else None for moment in (since, until)]
    selection = Selection(days[0], days[1], person, publisher, language)
    if (
        problem := start(export_archive(current, selection, form, output, chat=of_chat, collection=collection))
    ) is not None:
        fail(problem)


@app.command()
def migrate(
    source: Annotated[str, typer.Option("--from", help="Where the archive is, as sqlite:///presswatch.db.")],
    target: Annotated[
        str | None,
        typer.Option("--to", help="postgresql://USER:PASSWORD@HOST/DATABASE; else what PRESSWATCH_DATABASE_URL says."),
    ] = None,
) -> None:
    """Copy an archive into an empty PostgreSQL database and compare the two; safe to stop and run again."""
    from bot.migrating import migrate as copied

    current = settings(default_log_level="ERROR")
    if (problem := start(copied(source, target or current.database_url, errors, Console()))) is not None:
        fail(problem)


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="A file that is not there yet.")]) -> None:
    """Copy the whole archive into one file while the bot runs, and check the copy; putting it back is restoring."""
    from bot.backup import backup as copied

    if (problem := copied(settings(default_log_level="ERROR").database_url, file, errors)) is not None:
        fail(problem)


@app.command("backup-failed")
def backup_failed() -> None:
    """Tell the operator's chat that a backup failed: for the unit that systemd starts then."""
    from bot.backup import tell_of_failure

    if (problem := start(tell_of_failure(settings(default_log_level="ERROR")))) is not None:
        fail(problem)


@app.command()
def doctor() -> None:
    """Check settings, database, model and Telegram; say what is wrong and how to mend it."""
    from bot.doctor import examine

    if not start(examine(settings(), Console())):
        raise typer.Exit(FAILED)


def start(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end; Ctrl-C ends the work early, and however often it is pressed, what is open is closed."""

    async def interruptible() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop() -> None:
            loop.add_signal_handler(signal.SIGINT, lambda: None)
            if task is not None:
                task.cancel()

        loop.add_signal_handler(signal.SIGINT, stop)
        return await work

    try:
        return uvloop.run(interruptible())
    except asyncio.CancelledError:
        raise typer.Exit(INTERRUPTED) from None
    except DatabaseUnusableError as error:
        fail(f"PRESSWATCH_DATABASE_URL: this database cannot be used: {error}")


def settings(default_log_level: str = "INFO") -> Settings:
    """Return the settings, or name every mistake in them and leave."""
    current = load()
    if isinstance(current, list):
        fail("\n".join(current))
    level = current.log_level if "log_level" in current.model_fields_set else default_log_level
    configure(level, current.secrets, current.log_format)
    return current


def _need_server(current: Settings) -> None:
    if not on_server(current.database_url):
        fail(
            "PRESSWATCH_DATABASE_URL: an SQLite file is for one process, presswatch run. For several, write "
            "postgresql://USER:PASSWORD@HOST/DATABASE."
        )


def fail(sentence: str) -> NoReturn:
    """Say what is wrong and leave."""
    errors.print(sentence, markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(WRONG_USE)
