"""The test rig itself: both engines are real, and every test has a database of its own."""

import pytest
from sqlalchemy import Engine, text

from tests.support.databases import Databases


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_has_a_database_of_its_own(engine: Engine, turn: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE left_over (n INTEGER)"))


def test_both_engines_are_what_they_say(engine: Engine, request: pytest.FixtureRequest) -> None:
    with engine.connect() as connection:
        version = connection.execute(
            text("SELECT sqlite_version()" if engine.dialect.name == "sqlite" else "SELECT version()")
        ).scalar_one()
    assert engine.dialect.name in request.node.name.replace("postgres", "postgresql")
    assert version.startswith("3." if engine.dialect.name == "sqlite" else "PostgreSQL 1")


def test_the_schema_comes_from_the_migrations(engine: Engine) -> None:
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1


def test_an_empty_database_is_empty(databases: Databases) -> None:
    from sqlalchemy import create_engine, inspect

    with databases.url(empty=True) as url:
        bare = create_engine(url)
        assert inspect(bare).get_table_names() == []
        bare.dispose()


def test_redis_answers_with_its_password_only(redis_url: str) -> None:
    import redis

    with redis.Redis.from_url(redis_url) as ours:
        assert ours.ping()
    stranger = redis.Redis.from_url(redis_url.replace(redis_url.split("@")[0].split("//")[1] + "@", ""))
    with stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
