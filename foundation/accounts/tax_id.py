"""統一編號: Taiwan's eight-digit tax ID number of organizations.

Numbers issued since 1 April 2023 satisfy the check modulo 5; older ones satisfy it modulo 10, hence modulo 5 too
(Ministry of Finance, Fiscal Information Agency).
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


def _check_sums(number: str) -> set[int]:
    """Return the possible weighted digit sums: a seventh digit of 7 makes 28 → 10, which counts as 1 or as 0."""
    products = [int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)]
    total = sum(sum(divmod(product, 10)) for product in products)
    return {total, total - 9, total - 10} if number[6] == "7" else {total}


def is_tax_id(number: str) -> bool:
    """Whether `number` is eight ASCII digits with a right check sum."""
    if len(number) != len(WEIGHTS) or not (number.isascii() and number.isdigit()):
        return False
    return any(total % 5 == 0 for total in _check_sums(number))


def validate_tax_id(number: str) -> None:
    """Refuse what is no 統一編號."""
    if not is_tax_id(number):
        raise ValidationError(
            _("“%(number)s” is not a tax ID number (8 digits with a check digit)."), params={"number": number}
        )
