"""A group that has become a supergroup has another number: what is kept of it goes there."""

from storage.connection import Writer

# What a chat is and what it wants: each table and column that moves.
MOVED = (
    ("corrections", "chat_id"),
    ("invitations", "chat_id"),
    ("invitations", "for_chat_id"),
    ("memberships", "chat_id"),
    ("restored_chats", "id"),
    ("subscriptions", "chat_id"),
    ("subscriptions", "target_id"),
    ("turned_away", "chat_id"),
    ("watches", "chat_id"),
    ("quiet_times", "chat_id"),
    ("used", "chat_id"),
    ("held_back", "chat_id"),
)
# Of these, one row a chat: where the new number has one by now, that is left.
SINGLE = ("memberships", "turned_away", "quiet_times", "used", "held_back")
# What only serves to answer to messages of the old group, or to edit them: there are none such in the new one, whose
# messages have numbers of their own.
LEFT = ("batches", "cards", "message_parts", "told", "waiting_messages")


async def move_chat(db: Writer, old: int, new: int) -> bool:
    """Give a chat its new number; False where nothing is kept of the old one.

    What came in brought by messages of the old group is kept, its messages lead nowhere from now on. A new chat of
    that number, met before the move was known, is the same one; what it has brought by then is a collection of its own,
    to which it can go back as from a shared one.
    """
    if await db.one("SELECT 1 AS found FROM chats WHERE id = :old", old=old) is None:
        return False
    met = await db.one(
        """SELECT own_collection_id AS own FROM chats WHERE id = :new
            AND EXISTS (SELECT 1 FROM articles WHERE collection_id = own_collection_id)""",
        new=new,
    )
    # The rows refer to each other by the number that changes; it must be right at the end.
    await db.defer_references()
    for table in LEFT:
        await db.run(f"DELETE FROM {table} WHERE chat_id = :old", old=old)  # the names stand above
    for table in SINGLE:
        await db.run(f"DELETE FROM {table} WHERE chat_id = :new", new=new)
    await db.run("DELETE FROM chats WHERE id = :new", new=new)
    await db.run("UPDATE chats SET id = :new, kind = 'supergroup' WHERE id = :old", old=old, new=new)
    if met is not None:
        await db.run(
            "UPDATE chats SET own_collection_id = :own WHERE id = :new AND own_collection_id = collection_id",
            own=met["own"],
            new=new,
        )
    await db.run(
        "UPDATE forwards SET chat_id = :new, message_id = -message_id WHERE chat_id = :old AND message_id > 0",
        old=old,
        new=new,
    )
    for table, column in MOVED:
        await db.run(f"UPDATE {table} SET {column} = :new WHERE {column} = :old", old=old, new=new)
    await db.run(
        """UPDATE jobs SET payload = json_set(payload, '$.chat', :new)
        WHERE state IN ('ready', 'running') AND kind IN ('send', 'digest', 'picture')
            AND json_extract(payload, '$.chat') = CAST(:old AS TEXT)""",
        old=old,
        new=new,
    )
    return True
