"""The words of the page for phones; its programs word nothing themselves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "new_activity": _("Enter an activity"),
    "new_note": _("Write a note"),
    "activity_rule": _("People who came are counted, never named."),
    "note_rule": _("What was seen at a place open to the public: what, where, when. Never who."),
    "choose": _("Choose…"),
    "title": _("Title"),
    "activity_kind": _("Kind"),
    "activity_theme": _("Theme"),
    "theme": _("What it is about"),
    "spot": _("Kind of place"),
    "place": _("Place"),
    "held_on": _("Day"),
    "spoken": _("Language"),
    "body": _("Body that holds it"),
    "reach": _("People reached"),
    "reach_is": _("The number is"),
    "cost": _("Cost, tenge"),
    "outcome": _("What came of it"),
    "asked": _("What was asked"),
    "answered": _("What was answered"),
    "seen_at": _("When"),
    "text": _("What was seen or heard"),
    "more": _("Ages, cost, questions"),
    "pictures": _("Pictures"),
    "pictures_hint": _(
        "Without faces and number plates. The desk looks for them and misses some: "
        "look yourself first."
    ),
    "picture": _("Picture {number}"),
    "remove": _("Remove"),
    "no_picture": _("This file could not be read as a picture."),
    "kept": _("Kept on this phone."),
    "finish": _("Finish and send"),
    "discard": _("Throw away"),
    "back": _("Back to the list"),
    "needs": _("Still missing: {field}"),
    "needs_which": _("Say whether the number is counted or estimated."),
    "waiting": _("On this phone"),
    "sent_list": _("At the desk"),
    "state_draft": pgettext_lazy("entry on the phone", "being filled in"),
    "state_ready": pgettext_lazy("entry on the phone", "waits to be sent"),
    "state_received": pgettext_lazy("entry on the phone", "at the desk; pictures follow"),
    "state_sent": pgettext_lazy("entry on the phone", "at the desk"),
    "state_conflict": pgettext_lazy("entry on the phone", "the desk holds something else"),
    "state_refused": pgettext_lazy("entry on the phone", "the desk did not take it"),
    "send_now": _("Send now"),
    "sending": _("Sending…"),
    "all_sent": _("Everything is at the desk ({time})."),
    "unsent": _("Waiting to be sent: {count}"),
    "unreachable": _("No connection to the desk. Everything stays on this phone."),
    "signed_out": _("Sign in to send. Everything stays on this phone."),
    "sign_in": _("Sign in"),
    "busy": _("Another window is sending just now."),
    "wiped": _("The desk told this phone to forget everything. It has."),
    "edit_again": _("Change it once more"),
    "conflict_text": _("Both are shown. Nothing is overwritten."),
    "yours": _("On this phone"),
    "theirs": _("At the desk"),
    "keep_theirs": _("Keep what the desk has"),
    "send_as_new": _("Send mine as another one"),
    "refused_by_desk": _("The desk did not take it."),
    "of_another": _("Unsent entries of another account are on this phone: {count}"),
    "no_choices": _("Open this page once with a connection; after that it works without."),
    "no_body": _("Your body is not in the directory; ask the desk to enter it."),
    "sign_out": _("Send and sign out"),
    "sign_out_unsent": _("Not everything is sent. It stays on this phone."),
    "to_desk": _("Back to the desk"),
}
"""By the keys that the programs use."""
