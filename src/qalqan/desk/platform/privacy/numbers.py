"""Check digits of the numbers that persons bear."""

from __future__ import annotations

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def looks_like_iin(digits: str) -> bool:
    """Tell whether twelve digits begin with a day of birth and a mark of century and sex.

    A company's BIN has 4, 5 or 6 where the day begins, so it never does.

    >>> looks_like_iin("990440001234")
    False
    """
    month, day, century = int(digits[2:4]), int(digits[4:6]), int(digits[6])
    return 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1] and century <= 6


def is_iin(digits: str) -> bool:
    """Tell whether twelve digits are an individual identification number, check digit included.

    Reference: weights 1..11 modulo 11; where the rest is 10, weights 3..11, 1, 2; where it is
    10 again, the number is never issued (Rules on forming the identification number, Kazakhstan).
    """
    if not looks_like_iin(digits):
        return False
    values = [int(digit) for digit in digits]
    rest = sum((place % 11 + 1) * value for place, value in enumerate(values[:11])) % 11
    if rest == 10:
        rest = sum(((place + 2) % 11 + 1) * value for place, value in enumerate(values[:11])) % 11
    return rest == values[11]


def passes_luhn(digits: str) -> bool:
    """Tell whether the last digit checks the others (ISO/IEC 7812-1, annex B).

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def is_iban(number: str) -> bool:
    """Tell whether an account number checks (ISO 13616: rest 1 modulo 97).

    >>> is_iban("kz86125kzt5004100100")
    True
    """
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
