"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class StaffHasher(Argon2PasswordHasher):
    """Argon2id with the second recommended choice of RFC 9106, section 4: 64 MiB, 3 passes.

    Django's own choice takes 100 MiB and eight lanes, too much for the two cores and little
    memory of an embedded desk where several people sign in at eight in the morning.
    """

    time_cost = 3
    memory_cost = 64 * 1024
    parallelism = 4
