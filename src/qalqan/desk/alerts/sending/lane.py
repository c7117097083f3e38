"""One lane in the hands of this worker: its parcels, its breaker, what is under way."""

from __future__ import annotations

from collections import deque

from qalqan.desk.alerts.sending.adapters.base import Sender
from qalqan.desk.alerts.sending.breaker import Breaker
from qalqan.desk.alerts.sending.letters import GONE
from qalqan.desk.alerts.sending.message import Parcel


class HeldLane:
    """The queue of one target while this worker holds it.

    Parameters
    ----------
    lane_id
        Its number.
    sender
        What sends to the target.
    failures
        Failures in a row when it was taken.
    """

    __slots__ = (
        "breaker", "error", "is_asking", "is_leaving", "lane_id", "parcels", "pause", "sender",
        "spoken_to", "under_way", "was_ill",
    )  # fmt: skip

    def __init__(self, lane_id: int, sender: Sender, failures: int) -> None:
        self.lane_id, self.sender = lane_id, sender
        self.breaker = Breaker(failures)
        self.was_ill = failures > 0
        self.parcels: deque[Parcel] = deque()
        self.under_way: set[int] = set()
        self.spoken_to: set[str] = set()
        """Subscribers to whom something is under way: an update never overtakes its warning."""
        self.is_asking = True
        """Whether the store was, or is to be, asked for parcels."""
        self.is_leaving = False
        """Whether it is given back once nothing is under way any more, and then for how long."""
        self.pause, self.error = 0.0, ""

    @property
    def width(self) -> int:
        """How many attempts may be under way now."""
        return self.breaker.width(self.sender.width)

    @property
    def wanted(self) -> int:
        """How many parcels to ask for."""
        return 16 if self.sender.width == 1 else self.sender.width * 4

    @property
    def is_low(self) -> bool:
        """Whether it is time to ask for parcels."""
        if self.sender.width == 1:
            return not self.parcels and not self.under_way
        return len(self.parcels) < self.sender.width * 2

    def begin(self) -> Parcel | None:
        """Take the next parcel whose receiver is free, or none where all have to wait."""
        if self.is_leaving or len(self.under_way) >= self.width:
            return None
        for at, parcel in enumerate(self.parcels):
            if parcel.to == GONE or parcel.to not in self.spoken_to:
                del self.parcels[at]
                self.under_way.add(parcel.delivery_id)
                if parcel.to and parcel.to != GONE:
                    self.spoken_to.add(parcel.to)
                return parcel
        return None

    def end(self, parcel: Parcel) -> None:
        """Note that an attempt is over."""
        self.under_way.discard(parcel.delivery_id)
        self.spoken_to.discard(parcel.to)
