"""What people write on an ordinary day, as small grammars in three languages.

A topic is a list of patterns and the words that may fill their slots; options of a slot are
parted by ``|``. The slots ``at``, ``to`` and ``from`` are filled with the place of the message.
"""
