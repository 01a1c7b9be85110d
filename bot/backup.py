"""``presswatch backup``: a copy of the whole archive while the bot runs."""

from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.settings import Settings
from domain.operating import Alert, Notice
from services import operating
from storage.connection import DatabaseUnusableError
from storage.opening import back_up, file_of, open_database, open_queue, shown


def backup(url: str, target: Path, console: Console) -> str | None:
    """Write a backup, and say how large it is; return a sentence where there is none."""
    source = file_of(url)
    if source is None:
        return (
            f"PRESSWATCH_DATABASE_URL: {shown(url)} is on a PostgreSQL server, whose own program copies it while the "
            f"bot runs: pg_dump --format=custom --file={target} --dbname={shown(url)}; see docs/operations.md"
        )
    if not source.is_file():
        return f"PRESSWATCH_DATABASE_URL: there is no file {source}"
    try:
        with _bar(console) as bar:
            task = bar.add_task("copied")
            back_up(source, target, lambda done, pages: bar.update(task, completed=done, total=pages))
    except DatabaseUnusableError as error:
        return f"No backup: {error}"
    size = target.stat().st_size / 1_000_000
    console.print(f"{target}: {size:.1f} MB, checked", markup=False, highlight=False, soft_wrap=True)
    return None


async def tell_of_failure(settings: Settings) -> str | None:
    """Have the bot tell its operator's chat that a backup failed; return a sentence where there is nobody to tell."""
    if settings.token is None or settings.operator_chat is None:
        return "PRESSWATCH_TOKEN, PRESSWATCH_OPERATOR_CHAT: not both set, so nobody is told"
    bot = int(settings.token.get_secret_value().partition(":")[0])
    database = await open_database(settings.database_url)
    try:
        queue = open_queue(database, _now, bot)
        await operating.tell(database, queue, settings.operator_chat, Notice(Alert.NO_BACKUP, ""), _now())
    finally:
        await database.close()
    return None


def _now() -> datetime:
    return datetime.now(UTC)


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
