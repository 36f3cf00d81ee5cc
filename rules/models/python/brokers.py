import aio_pika
import inngest
import nats
import pika
from confluent_kafka import Consumer
from faststream.kafka import KafkaBroker
from google.cloud import pubsub_v1
from hatchet_sdk import Hatchet
from kombu import Consumer as KombuConsumer
from prefect import flow
from procrastinate import App
from taskiq import InMemoryBroker
from temporalio import activity, workflow

broker = KafkaBroker("localhost:9092")
tasks = InMemoryBroker()
jobs = App()
events = inngest.Inngest(app_id="app")
hatchet = Hatchet()


def on_message(channel, method, properties, body):  # expect: entry
    return body


async def on_async(message):  # expect: entry
    return message


async def wire(queue_name):
    channel = pika.BlockingConnection().channel()
    channel.basic_consume(queue=queue_name, on_message_callback=on_message)
    connection = await aio_pika.connect_robust()
    inner = await connection.channel()
    queue = await inner.declare_queue("asks")
    await queue.consume(on_async)
    KombuConsumer(channel, callbacks=[on_kombu])
    client = await nats.connect()
    await client.subscribe("asks", cb=on_nats)
    pubsub_v1.SubscriberClient().subscribe("projects/p/subscriptions/s", callback=on_pubsub)
    return Consumer({}).poll(1.0)  # expect: source(untrusted)


def on_kombu(body, message):  # expect: entry
    return body


async def on_nats(message):  # expect: entry
    return message


def on_pubsub(message):  # expect: entry
    return message


@broker.subscriber("asks")
async def stream_ask(text: str):  # expect: entry
    return text


@tasks.task
async def task_ask(text: str):  # expect: entry
    return text


@jobs.task(queue="asks")
def job_ask(text: str):  # expect: entry
    return text


@activity.defn
async def act(text: str):  # expect: entry
    return text


@workflow.defn
class Flow:
    @workflow.run
    async def run(self, text: str):  # expect: entry
        return text


@flow
def prefect_flow(text: str):
    return text


@events.create_function(fn_id="ask", trigger=inngest.TriggerEvent(event="ask"))
async def event_ask(ctx):  # expect: entry
    return ctx


@hatchet.task()
def hatchet_ask(input, ctx):  # expect: entry
    return input
