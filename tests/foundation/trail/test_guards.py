"""The database itself refuses to change what is append-only, whoever asks; a lost guard stops the start."""

import pytest
from django.core import checks
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from foundation.trail.checks import applied_guards, check_guards, unguarded
from foundation.trail.guards import GuardTable, drop_sql, guard_sql
from foundation.trail.models import Chain, Event

REPLACE = {
    "by its key": "INSERT OR REPLACE INTO trail_event SELECT * FROM trail_event WHERE seq = 2",
    "by its place": (
        "INSERT OR REPLACE INTO trail_event (chain_id, seq, at, name, actor, object_type, object_id, body, digest,"
        " previous, hash) SELECT chain_id, seq, at, 'paper.loved', actor, object_type, object_id, body, digest,"
        " previous, hash FROM trail_event WHERE seq = 2"
    ),
    "a head": "INSERT OR REPLACE INTO trail_chain SELECT * FROM trail_chain",
    "a head by its name": "INSERT OR REPLACE INTO trail_chain SELECT 'f', key, 0, head FROM trail_chain",
}


@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_event SET name = 'paper.loved' WHERE seq = 2",
        "UPDATE trail_event SET seq = seq",
        "DELETE FROM trail_event WHERE seq = 5",
        "DELETE FROM trail_chain",
        "UPDATE trail_chain SET key = 'elsewhere'",
    ],
)
def test_change_and_deletion_are_refused(statement, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        sql(statement)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("statement", ["TRUNCATE trail_event", "TRUNCATE trail_chain CASCADE"])
def test_truncate_is_refused(statement, sql):
    with pytest.raises(IntegrityError, match="append-only"):
        sql(statement)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
def test_a_replication_role_does_not_switch_the_guard_off(sql):
    sql("SET session_replication_role = replica")
    with pytest.raises(IntegrityError, match="append-only"):
        sql("DELETE FROM trail_event WHERE seq = 5")


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("statement", REPLACE.values(), ids=REPLACE.keys())
def test_replacing_is_refused_even_where_delete_triggers_are_not_told(statement, sql):
    sql("PRAGMA recursive_triggers = OFF")
    with pytest.raises(IntegrityError, match="append-only"):
        sql(statement)


@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize("change", [{"seq": 5}, {"seq": 4}, {"seq": 7}])
def test_a_head_moves_forward_by_one_or_not_at_all(change):
    with pytest.raises(IntegrityError, match="append-only"):
        Chain.objects.filter(key="engagement:1").update(head=b"x" * 32, **change)


@pytest.mark.usefixtures("own_database", "trail")
def test_a_flush_is_refused():
    with pytest.raises(CommandError) as refused:
        call_command("flush", interactive=False)

    assert "append-only" in str(refused.value.__cause__)
    assert Event.objects.count() == 6


@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
def test_guards_can_be_put_up_twice_and_taken_down(sql):
    for statement in guard_sql(Event, "", connection.vendor):
        sql(statement)
    with pytest.raises(IntegrityError):
        sql("DELETE FROM trail_event WHERE seq = 5")

    for statement in drop_sql("trail_event", connection.vendor):
        sql(statement)
    sql("DELETE FROM trail_event WHERE seq = 5")


@pytest.mark.usefixtures("own_database")
def test_the_migrations_can_be_undone_and_done_again():
    call_command("migrate", "trail", "zero", verbosity=0)
    call_command("migrate", "trail", verbosity=0)

    assert unguarded(connection) == []


@pytest.mark.usefixtures("own_database")
def test_the_operation_guards_another_app_s_table_by_its_unique_columns(sql):
    fields = [
        ("id", models.BigAutoField(primary_key=True)),
        ("paper", models.IntegerField()),
        ("no", models.IntegerField()),
    ]
    state = ProjectState()
    state.add_model(ModelState("elsewhere", "Signoff", fields, {"unique_together": {("paper", "no")}}))
    guard = GuardTable("Signoff")
    with connection.schema_editor() as editor:
        editor.create_model(state.apps.get_model("elsewhere", "Signoff"))
        guard.database_forwards("elsewhere", editor, state, state)
    sql("INSERT INTO elsewhere_signoff (paper, no) VALUES (1, 1)")

    statement = "REPLACE INTO" if connection.vendor == "sqlite" else "INSERT INTO"
    with pytest.raises(IntegrityError):
        sql(f"{statement} elsewhere_signoff (paper, no) VALUES (1, 1)")
    with pytest.raises(IntegrityError):
        sql("UPDATE elsewhere_signoff SET no = 2")
    with connection.schema_editor() as editor:
        guard.database_backwards("elsewhere", editor, state, state)
    sql("UPDATE elsewhere_signoff SET no = 2")


def test_the_operation_writes_itself_into_migrations():
    operation = GuardTable("chain", update_if='NEW."seq" > OLD."seq"')

    assert operation.deconstruct() == ("GuardTable", [], {"name": "chain", "update_if": 'NEW."seq" > OLD."seq"'})
    assert GuardTable("event").deconstruct() == ("GuardTable", [], {"name": "event"})
    assert isinstance(operation, Operation)


@pytest.mark.django_db
@pytest.mark.usefixtures("trail")
def test_a_guarded_database_passes_the_check():
    assert check_guards(databases=["default"]) == []


@pytest.mark.django_db
def test_every_guard_that_the_migrations_put_up_stands():
    assert check_guards(databases=["default"]) == []


@pytest.mark.usefixtures("own_database", "unguarded")
def test_a_lost_guard_stops_the_start_until_it_is_put_back(monkeypatch):
    guards, _waiting = applied_guards(connection)
    monkeypatch.setattr("foundation.trail.checks.applied_guards", lambda database: (guards, False))
    assert unguarded(connection) == ["trail_chain", "trail_event"]
    with pytest.raises(SystemCheckError, match="trail_event has lost the triggers"):
        call_command("check", databases=["default"])

    call_command("guard_tables", verbosity=0)
    assert check_guards(databases=["default"]) == []


@pytest.mark.usefixtures("own_database", "unguarded")
def test_a_lost_guard_does_not_stop_the_migration_that_may_bring_it_back():
    assert [type(message) for message in check_guards(databases=["default"])] == [checks.Warning, checks.Warning]
