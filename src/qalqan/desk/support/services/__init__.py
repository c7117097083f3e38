"""Every act of the room of support."""

from __future__ import annotations
