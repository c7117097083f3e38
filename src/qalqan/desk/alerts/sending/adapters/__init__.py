"""One adapter a channel, all behind `base.Sender`."""
