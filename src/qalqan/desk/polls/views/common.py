"""What several pages of polls need."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import gettext as _

from qalqan.desk.platform.policies import Actor
from qalqan.desk.polls import selectors
from qalqan.desk.polls.models import Batch, Poll
from qalqan.errors import QalqanError


def poll_or_404(actor: Actor, poll_id: int) -> Poll:
    """Return a poll that the actor may see."""
    poll = selectors.poll_for(actor, poll_id)
    if poll is None:
        raise Http404(_("There is no such poll."))
    return poll


def batch_or_404(actor: Actor, batch_id: int) -> Batch:
    """Return a batch that the actor may see."""
    rows = Batch.objects.visible_to(actor).select_related("poll", "cluster__unit")
    batch: Batch | None = rows.filter(pk=batch_id).first()
    if batch is None:
        raise Http404(_("There is no such batch."))
    return batch


def try_act(form: forms.Form, act: Callable[[], Any]) -> Any | None:
    """Do an act; what the desk refuses is told at the form's field. Return what it made."""
    try:
        return act()
    except QalqanError as error:
        field = error.location.field if error.location else None
        text = f"{error.message} {error.hint or ''}".strip()
        form.add_error(field if field in form.fields else None, text)
        return None


@contextmanager
def uploaded(upload: UploadedFile, fallback: str) -> Iterator[Path]:
    """Give the path of a file that was handed in; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="qalqan-polls-") as folder:
        # The name is for the person who reads an error; the folder is ours.
        path = Path(folder, Path(str(upload.name)).name or fallback)
        with path.open("wb") as stream:
            for chunk in upload.chunks():
                stream.write(chunk)
        yield path
