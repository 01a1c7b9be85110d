"""The methods of the Bot API that send and change files and photos."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from bot.local_telegram.messages import Text, content_of, own_message, parse_text, put_in_place, send
from bot.local_telegram.objects import Json, Message, StoredFile
from bot.local_telegram.request import Request
from bot.local_telegram.spec import Refused, bad_request
from bot.local_telegram.world import MAX_CAPTION

MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
# In pixels: width and height together, and how many times the one may be the other.
MAX_SIDES = 10_000
MAX_RATIO = 20
_PNG = b"\x89PNG\r\n\x1a\n"


def send_document(request: Request) -> Json:
    return _send_captioned(request, _document(_file(request, "document", request.params, "documents")))


def send_photo(request: Request) -> Json:
    return _send_captioned(request, _photo(_file(request, "photo", request.params, "photos")))


def edit_message_media(request: Request) -> Json:
    """Puts another photo or document in the place of a message's own, or of its text."""
    message = own_message(request)
    media: Json = request.params["media"]
    kinds = {"photo": _photo, "document": _document}
    if media["type"] not in kinds:
        raise bad_request(f'media of the type "{media["type"]}" are not supported: this Telegram is a small one')
    file = _file(request, "media", media, f"{media['type']}s")
    caption = _caption(media)
    content = {**kinds[media["type"]](file), **content_of(caption, "caption", "caption_entities")}
    return put_in_place(request, message, content, caption.html)


def edit_message_caption(request: Request) -> Json:
    message: Message = own_message(request)
    kept = {k: v for k, v in message.content.items() if not k.startswith("caption")}
    if "text" in kept:
        raise bad_request("there is no caption in the message to edit")
    caption = _caption(request.params)
    content = {**kept, **content_of(caption, "caption", "caption_entities")}
    return put_in_place(request, message, content, caption.html)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG in pixels; None for what is no PNG."""
    if data[:8] != _PNG or data[12:16] != b"IHDR" or len(data) < 24:
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _send_captioned(request: Request, media: Json) -> Json:
    caption = _caption(request.params)
    return send(request, {**media, **content_of(caption, "caption", "caption_entities")}, caption.html)


def _caption(fields: Mapping[str, object]) -> Text:
    return parse_text(fields, "caption", "caption_entities", MAX_CAPTION)


def _document(file: StoredFile) -> Json:
    return {"document": {**file.facts(), "file_name": file.name, "mime_type": file.mime}}


def _photo(file: StoredFile) -> Json:
    if file.size > MAX_PHOTO:
        raise bad_request(f"file of size {file.size} bytes is too big for a photo; the maximum is {MAX_PHOTO} bytes")
    size = picture_size(file.data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED: this Telegram takes photos as PNG only")
    width, height = size
    if not min(size) or width + height > MAX_SIDES or max(size) > MAX_RATIO * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [{**file.facts(), "width": width, "height": height}]}


def _file(request: Request, name: str, fields: Mapping[str, object], folder: str) -> StoredFile:
    """The file that is uploaded with the call, or one that Telegram has already."""
    named = str(fields.get(name, ""))
    upload = request.uploads.get(named.removeprefix("attach://") or name)
    if upload is None:
        stored = request.world.files.get(named)
        if stored is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return stored
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > MAX_UPLOAD:
        raise Refused(413, "Request Entity Too Large")
    return request.world.store_file(folder, upload.name, upload.mime, upload.data)
