"""Books are made and brought up to date by migrations alone, the same on both databases."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from advisor_desk.bridge import folder, migrate
from advisor_desk.bridge.books import Books
from advisor_desk.bridge.migrations import words
from advisor_desk.bridge.schema import VERSION, metadata
from advisor_desk.domain.errors import Refused
from tests.bridge.conftest import ONLY_POSTGRESQL
from tests.bridge.rooftop import Rooftop
from tests.support.postgres import Cluster


def test_the_migrations_make_the_tables_the_program_works_with(owner: Books) -> None:
    with owner.read() as conn:
        found = compare_metadata(MigrationContext.configure(conn), metadata)
        assert found == []
        at = inspect(conn)
        for name, table in metadata.tables.items():
            declared = {index.name for index in table.indexes}
            assert {index["name"] for index in at.get_indexes(name)} == declared, name


def test_the_newest_migration_is_the_version_the_tables_are_of() -> None:
    assert migrate.versions()[-1] == VERSION


@ONLY_POSTGRESQL
def test_text_sorts_byte_by_byte_there_as_it_does_on_sqlite(owner: Books) -> None:
    with owner.read() as conn:
        rows = conn.execute(
            text(
                "SELECT table_name, column_name, collation_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type = 'text'"
            )
        ).all()
    assert len(rows) > 100
    assert [row for row in rows if row.collation_name != "C"] == []


def test_migrating_what_is_up_to_date_changes_nothing(data: Path, rooftop: Rooftop) -> None:
    head = rooftop.shelf.head(rooftop.store_id)
    folder.bring_up_to_date(data)
    assert rooftop.shelf.head(rooftop.store_id) == head


@pytest.mark.parametrize(("version", "code"), [("9999", "new_books"), (None, "old_books")])
def test_books_of_another_release_are_politely_declined(
    data: Path, owner: Books, version: str | None, code: str
) -> None:
    with owner.write() as conn:
        conn.execute(text("DELETE FROM alembic_version"))
        if version is not None:
            conn.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    try:
        with pytest.raises(Refused) as refused:
            folder.open_books(data)
        assert refused.value.code == code
        if code == "new_books":
            with pytest.raises(Refused):
                folder.bring_up_to_date(data)
    finally:
        with owner.write() as conn:
            conn.execute(text("DELETE FROM alembic_version"))
            conn.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": VERSION})


def test_processes_that_start_together_migrate_once(postgres: Cluster) -> None:
    from advisor_desk.bridge import engines

    name = postgres.database()
    failures: list[Exception] = []

    def start() -> None:
        engine = engines.postgresql_engine(engines.postgresql_url(postgres.url(name)), patient=True)
        try:
            migrate.to_newest(engine)
        except Exception as error:
            failures.append(error)
        finally:
            engine.dispose()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert postgres.run("SELECT version_num FROM alembic_version", name) == [(VERSION,)]
    postgres.drop(name)


def test_a_migration_is_said_in_each_databases_words() -> None:
    said = "CREATE TABLE t (id TEXT NOT NULL, PRIMARY KEY (id)) WITHOUT ROWID"
    assert words.spelled(said, "sqlite") == said
    assert words.spelled(said, "postgresql") == 'CREATE TABLE t (id TEXT COLLATE "C" NOT NULL, PRIMARY KEY (id))'


def test_a_database_that_holds_a_bridge_is_not_made_into_another(postgres: Cluster, tmp_path: Path) -> None:
    name = postgres.database()
    folder.create(tmp_path / "one", postgres.url(name)).close()
    with pytest.raises(Refused) as refused:
        folder.create(tmp_path / "two", postgres.url(name))
    assert refused.value.code == "already_there"
    assert not (tmp_path / "two" / "database.json").exists()
    with closing(folder.open_books(tmp_path / "one")):
        pass
    postgres.drop(name)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("mysql://u:p@h/db", "bad_database"),
        ("postgresql://u:p@h", "bad_database"),
        ("not a url", "bad_database"),
        ("postgresql://nobody:wrong@127.0.0.1:{port}/postgres", "no_database"),
        ("postgresql://dealer:wrong@127.0.0.1:1/postgres", "no_database"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_in_words_without_its_password(
    postgres: Cluster, tmp_path: Path, url: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        folder.create(tmp_path / "bridge", url.replace("{port}", str(postgres.port)))
    assert refused.value.code == code
    assert "wrong" not in refused.value.message
    assert sorted(path.name for path in (tmp_path / "bridge").iterdir()) == []


def test_the_file_that_names_the_database_is_for_its_owner_only(postgres: Cluster, tmp_path: Path) -> None:
    name = postgres.database()
    folder.create(tmp_path / "bridge", postgres.url(name)).close()
    path = tmp_path / "bridge" / "database.json"
    assert path.stat().st_mode & 0o777 == 0o600
    urls = folder.elsewhere(tmp_path / "bridge")
    assert urls is not None
    assert urls.bridge.username != urls.owner.username
    assert urls.bridge.password != urls.owner.password
    postgres.drop(name)
