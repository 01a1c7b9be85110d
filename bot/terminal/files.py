"""What the bot sends besides text: a terminal shows no pictures, so that they are saved for other programs."""

import tempfile
from pathlib import Path, PurePath

from bot.local_telegram import LocalTelegram, Message


class SavedFiles:
    """A temporary folder of this session's pictures and files, made for the first of them; they stay."""

    def __init__(self, local: LocalTelegram) -> None:
        self._local = local
        self._folder: Path | None = None

    def attached(self, message: Message) -> str | None:
        """Save the picture or file of a message and return a line about it; None for a message of text."""
        if photo := message.content.get("photo"):
            size = photo[-1]
            return f"[picture: {size['width']}×{size['height']}] {self._saved(size['file_id'], '.png')}"
        if document := message.content.get("document"):
            name, kilobytes = document["file_name"], -(-document["file_size"] // 1000)
            return f"[file {name}, {kilobytes} kB] {self._saved(document['file_id'], name)}"
        return None

    def _saved(self, file: str, name: str) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="presswatch-"))
        # A name from elsewhere might lead out of the folder.
        path = self._folder / f"{file}-{PurePath(name).name}".replace("-.", ".")
        path.write_bytes(self._local.files[file].data)
        return path
