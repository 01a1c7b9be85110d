"""``presswatch migrate``: an archive from an SQLite file into a PostgreSQL database; safe to stop and run again."""

from collections.abc import Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from storage.connection import DatabaseAwayError, DatabaseUnusableError
from storage.copies import Compared, Refusal
from storage.opening import copy_archive, file_of, on_server

# So much of a hash tells two tables apart at a glance; all of it is compared.
SHOWN = 12
REFUSED = {
    Refusal.HAS_DATA: "--to: there is something in this database already; an archive is copied into an empty one only",
    Refusal.OF_ANOTHER: "--to: another archive is half copied into this database; go on with that one, or empty it",
}


async def migrate(source: str, target: str, console: Console, output: Console) -> str | None:
    """Copy and compare, and show each table; return a sentence where the target cannot be used then."""
    file = file_of(source)
    if file is None:
        return "--from: write sqlite:///FILE; from one server to another it goes with pg_dump and pg_restore"
    if not file.is_file():  # once, before anything waits for the loop
        return f"--from: there is no file {file}"
    if not on_server(target):
        return "--to: write postgresql://USER:PASSWORD@HOST/DATABASE; presswatch export and import bring it back"
    try:
        with _Bars(console) as bars:
            done = await copy_archive(source, target, bars.told)
    except DatabaseUnusableError as error:
        return f"This database cannot be used: {error}"
    except DatabaseAwayError as error:
        return f"The database went away: {error}. Run the command again: it goes on where it was."
    if isinstance(done, Refusal):
        return REFUSED[done]
    output.print(_shown(done))
    different = [each.name for each in done if not each.is_same]
    if different:
        return f"Not the same on both sides: {', '.join(different)}. Empty the target, stop all bots, and run it again."
    return None


class _Bars:
    """A bar for each table, while it is copied and while it is compared."""

    def __init__(self, console: Console) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True)
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> "_Bars":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def told(self, table: str, done: int, total: int) -> None:
        """Show how far a table is."""
        if table not in self._bars:
            self._bars[table] = self._progress.add_task(table)
        self._progress.update(self._bars[table], completed=done, total=total, visible=done < total)


def _shown(tables: Sequence[Compared]) -> Table:
    shown = Table("table", "rows", "rows there", "hash", "hash there", "", box=None, pad_edge=False)
    for each in tables:
        numbers = (f"{each.rows}", f"{each.rows_there}", each.hash[:SHOWN], each.hash_there[:SHOWN])
        shown.add_row(each.name, *numbers, "same" if each.is_same else "DIFFERENT")
    return shown
