"""Jobs of workers that died, or that lost the database, go back to the queue."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from ingest.store.queries import list_runs
from ingest.store.runs import begin_run
from scheduler.runs import Cause, Visit, request_crawl
from scheduler.sweep import DEATHS, give_back, put_back_stalled_jobs
from scheduler.tasks import app, open_app
from scheduler.work import Work

HAND = Visit("demo-qinghe", Cause.HAND, "wang@desk")
NOW = datetime(2026, 3, 27, 5, tzinfo=UTC)


def ask(work: Work) -> int:
    with work.database.connect(autocommit=True) as connection:
        return request_crawl(connection, HAND).job_id


def take_up(work: Work, *, and_die: bool) -> tuple[int, int] | None:
    """A worker takes the next job: the job and the worker. Death is no heartbeat and no end."""

    async def main() -> tuple[int, int] | None:
        async with open_app(work.database, "test"):
            worker = await app.job_manager.register_worker()
            job = await app.job_manager.fetch_job(queues=None, worker_id=worker)
            if and_die:
                await app.job_manager.unregister_worker(worker)
            return (job.id, worker) if job and job.id else None

    return asyncio.run(main())


def job(work: Work) -> Any:
    with work.database.connect() as connection:
        return connection.execute(
            "select status::text, args, scheduled_at is not null from jobs.procrastinate_jobs"
        ).fetchone()


def wait_no_longer(work: Work) -> None:
    with work.database.connect() as connection:
        connection.execute("set local search_path to jobs")
        connection.execute("update procrastinate_jobs set scheduled_at = null")


def test_the_job_of_a_worker_that_died_is_put_back_and_its_run_is_closed(work: Work) -> None:
    number = ask(work)
    take_up(work, and_die=True)
    with work.database.connect() as connection:
        begin_run(connection, "demo-qinghe", cause="hand", slot=None, job_id=number, now=NOW)
    assert put_back_stalled_jobs(work.database) == 1
    status, arguments, waits = job(work)
    assert (status, arguments["deaths"], waits) == ("todo", 1, False)
    with work.database.connect() as connection:
        (run,) = list_runs(connection)
    assert (run.state, run.reason) == ("failed", "interrupted")
    assert "the job is queued again" in str(run.detail)
    assert put_back_stalled_jobs(work.database) == 0


def test_a_job_that_keeps_killing_workers_waits_longer_and_longer_and_is_given_up(
    work: Work,
) -> None:
    ask(work)
    waited = []
    for _ in range(DEATHS):
        assert take_up(work, and_die=True)
        put_back_stalled_jobs(work.database)
        waited.append(job(work)[2])
        wait_no_longer(work)
    assert waited == [False, True, True, True, False]
    assert job(work)[0] == "failed"
    assert take_up(work, and_die=True) is None


def test_the_job_of_a_worker_that_lives_is_left_alone(work: Work) -> None:
    ask(work)
    take_up(work, and_die=False)
    assert put_back_stalled_jobs(work.database) == 0
    assert job(work)[0] == "doing"


def test_a_worker_that_lost_the_database_gives_back_what_it_had_in_hand(work: Work) -> None:
    ask(work)
    taken = take_up(work, and_die=False)
    assert taken
    number, worker = taken
    assert give_back(work.database, {number: worker}) == 1
    status, arguments, _ = job(work)
    assert status == "todo"
    assert "deaths" not in arguments


def test_a_worker_gives_back_nothing_that_another_has_taken_over(work: Work) -> None:
    ask(work)
    first = take_up(work, and_die=True)
    put_back_stalled_jobs(work.database)
    second = take_up(work, and_die=False)
    assert first
    assert second
    assert first[0] == second[0]
    assert give_back(work.database, dict([first])) == 0
    assert job(work)[0] == "doing"
