"""Everybody in the demo can sign in and finds a page of their own, without an error in the browser's console."""

import pytest

from desk.demo.cast import PASSWORD, PEOPLE
from tests.browser import conftest


def test_the_password_is_the_one_that_the_demo_prints():
    assert conftest.PASSWORD == PASSWORD


@pytest.mark.parametrize("who", list(PEOPLE))
def test_a_person_of_the_demo_signs_in_and_is_greeted_by_name(page_of, who):
    name, email, *_ = PEOPLE[who]
    page = page_of(email)
    assert page.locator("h1").count() == 1
    assert name in page.locator("body").inner_text()


def test_without_signing_in_a_page_leads_to_the_door(page):
    page.goto("/")
    assert "/login/" in page.url
