import celery.app
import dramatiq
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from arq import cron
from arq.worker import func
from celery import Celery, shared_task
from rq import Queue
from rq.decorators import job

app = Celery("demo", broker="redis://localhost")
queue = Queue(connection=CONNECTION)
scheduler = AsyncIOScheduler()


@app.task
def first(question):  # expect: entry
    return question


@shared_task(bind=True, max_retries=3)
def second(self, question):  # expect: entry
    return question


@dramatiq.actor
def third(question):  # expect: entry
    return question


@job("default", connection=CONNECTION)
def fourth(question):  # expect: entry
    return question


async def fifth(ctx, question):  # expect: entry
    return question


async def nightly(ctx):  # expect: entry
    return None


def refresh():  # expect: entry
    return None


def plain(question):
    return question


functions = [func(fifth, name="fifth")]
cron_jobs = [cron(nightly, hour=3)]
queue.enqueue(plain, "hello")
scheduler.add_job(refresh, "interval", minutes=5)


@scheduler.scheduled_job("cron", hour=4)
def morning():  # expect: entry
    return None


@celery.app.shared_task(ignore_result=True)
def third(question):  # expect: entry
    return question
