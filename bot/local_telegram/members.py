"""The Bot API form of a member of a chat."""

from __future__ import annotations

from bot.local_telegram.objects import Json, MemberStatus, User

ADMIN_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def member_json(user: User, status: MemberStatus) -> Json:
    """A ChatMember of the Bot API."""
    member: Json = {"status": status, "user": user.as_json()}
    match status:
        case "creator":
            return {**member, "is_anonymous": False}
        case "administrator":
            return {**member, "is_anonymous": False, **dict.fromkeys(ADMIN_RIGHTS, True)}
        case "restricted":
            return {**member, "is_member": True, "until_date": 0, **dict.fromkeys(MEMBER_RIGHTS, False)}
        case "kicked":
            return {**member, "until_date": 0}
    return member
