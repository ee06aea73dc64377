"""統一編號 by the old rule (modulo 10) and the new one (modulo 5)."""

import pytest
from django.core.exceptions import ValidationError

from foundation.accounts.tax_id import is_tax_id, validate_tax_id


@pytest.mark.parametrize(
    "number",
    [
        "22099131",  # sum 30
        "04595257",  # sum 40
        "12345675",  # seventh digit 7, its product counted as 0 or 1: sum 29 or 30
        "12345676",  # the same: sum 30 or 31
        "04595252",  # sum 35: only since 2023
    ],
)
def test_a_number_with_a_right_check_sum_is_taken(number):
    assert is_tax_id(number)


@pytest.mark.parametrize(
    "number",
    [
        "22099132",
        "12345678",
        "2209913",
        "220991311",
        "",
        "ABCDEFGH",
        "２２０９９１３１",
        "2209913l",
        "-2209913",
        "22 09913",
    ],
)
def test_any_other_is_refused(number):
    assert not is_tax_id(number)


def test_each_last_digit_five_apart_satisfies_the_new_rule():
    assert [digit for digit in range(10) if is_tax_id(f"2209913{digit}")] == [1, 6]


def test_with_a_seventh_digit_of_seven_two_sums_count():
    assert [digit for digit in range(10) if is_tax_id(f"1234567{digit}")] == [0, 1, 5, 6]


def test_the_refusal_names_what_was_typed():
    with pytest.raises(ValidationError, match="12345678"):
        validate_tax_id("12345678")
