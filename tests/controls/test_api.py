"""The catalogue over the API says what the file says."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(sign_in, partner):
    """Fetch JSON as an auditor."""
    client = sign_in(partner)

    def fetch(path, status=200):
        response = client.get(f"/api/v1/catalogue/{path}")
        assert response.status_code == status
        return response.json()

    return fetch


def test_every_control_point_is_the_files(answer, shipped):
    listed = answer("?page_size=100")["results"]
    assert [
        (each["code"], each["chapter"], each["area"], each["control_text"], each["references"]) for each in listed
    ] == [
        (row["code"], row["chapter"], row["area"], row["control_text"], [line["raw"] for line in row["references"]])
        for row in shipped["control_points"]
    ]


def test_every_procedure_is_the_files(answer, shipped):
    names = ("no", "label", "text", "steps")
    listed = [each["procedures"] for each in answer("?page_size=100")["results"]]
    assert [[{name: each[name] for name in names} for each in procedures] for procedures in listed] == [
        [{name: each[name] for name in names} for each in row["procedures"]] for row in shipped["control_points"]
    ]


def test_a_control_point_is_found_by_its_code(answer):
    found = answer("3.7.4.1.A/")
    assert (found["code"], found["title"], found["chapter"], found["area"]) == ("3.7.4.1.A", "傳輸加密", 3, 7)


def test_an_unknown_code_is_not_found(answer):
    answer("9.9/", status=404)


def test_a_broker_may_not_read_it(sign_in, broker):
    assert sign_in(broker).get("/api/v1/catalogue/").status_code == 403


def test_a_stranger_may_not_read_it(client):
    assert client.get("/api/v1/catalogue/").status_code == 401


@pytest.mark.parametrize("size", [1, 10, 69])
def test_the_number_of_queries_does_not_grow_with_the_page(sign_in, partner, django_assert_num_queries, size):
    client = sign_in(partner)
    # Session, person; version; count, points, references, procedures.
    with django_assert_num_queries(7):
        client.get("/api/v1/catalogue/", {"page_size": size})
