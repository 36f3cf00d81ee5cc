import ell
import marvin
from deepeval import evaluate as judge
from magentic import prompt
from mirascope import llm
from mirascope.core import openai
from ragas import evaluate


@openai.call("gpt-4o-mini")
def recommend(genre: str) -> str:
    return f"Recommend a {genre} book"


@llm.call(provider="anthropic", model="claude-3-5-sonnet-latest")
def translate(text: str) -> str:
    return f"Translate {text}"


@prompt("Add more {word}ness to: {phrase}")
def dudeify(phrase: str, word: str) -> str: ...


@marvin.fn
def sentiment(text: str) -> float:
    """The sentiment of a text."""


@ell.simple(model="gpt-4o")
def hello(name: str):
    """You greet."""
    return f"Say hello to {name}!"


def main(question, data, metrics):
    a = recommend(question)  # expect: llm, sink(user-prompt), source(model-output)
    b = translate(question)  # expect: llm, sink(user-prompt), source(model-output)
    c = dudeify(question, "calm")  # expect: llm, sink(user-prompt), source(model-output)
    d = sentiment(question)  # expect: llm, sink(user-prompt), source(model-output)
    e = hello(question)  # expect: llm, sink(user-prompt), source(model-output)
    f = marvin.extract(question, list[str])  # expect: llm, sink(user-prompt), source(model-output)
    g = marvin.Task("Write a line").run()  # expect: llm, source(model-output)
    h = evaluate(data, metrics=metrics)  # expect: llm
    i = judge(data, metrics)  # expect: llm
    return a, b, c, d, e, f, g, h, i
