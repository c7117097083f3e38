"""What the room of agencies reads."""

from qalqan.desk.agencies.selectors.directory import bodies, body_for, names, own_body
from qalqan.desk.agencies.selectors.matrix import Responsible, responsible

__all__ = ["Responsible", "bodies", "body_for", "names", "own_body", "responsible"]
