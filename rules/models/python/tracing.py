import logfire
import sentry_sdk
from langfuse import get_client, observe
from langfuse.langchain import CallbackHandler
from langsmith import traceable
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry import trace
from prometheus_client import Counter

sentry_sdk.init(dsn="https://example.com/1")  # expect: control(tracing)
OpenAIInstrumentor().instrument()  # expect: control(tracing)
tracer = trace.get_tracer(__name__)
asked = Counter("asked", "Questions asked", ["user"])
langfuse = get_client()


@observe()  # expect: control(tracing)
def first(question):
    prompt = langfuse.get_prompt("answer")  # expect: prompt-load
    return prompt.compile(question=question)


@traceable  # expect: control(tracing)
def second(question):
    handler = CallbackHandler()  # expect: control(tracing)
    return question, handler


def third(question, user):
    with tracer.start_as_current_span("third") as span:  # expect: control(tracing)
        span.set_attribute("question", question)  # expect: sink(log)
    sentry_sdk.set_user(user)  # expect: sink(log)
    logfire.info("asked {question}", question=question)  # expect: log, sink(log)
    asked.labels(user).inc()  # expect: control(tracing)
    langfuse.flush()
