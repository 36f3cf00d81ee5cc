from async_lru import alru_cache
from cachetools import TTLCache, cached
from cachetools.func import ttl_cache

answers = TTLCache(maxsize=100, ttl=60)


@cached(cache=TTLCache(maxsize=10, ttl=5))  # expect: cache-wrap
def first(question):
    return question


@ttl_cache(maxsize=10)  # expect: cache-wrap
def second(question):
    return question


@alru_cache  # expect: cache-wrap
async def third(question):
    return question


def fourth(question):
    found = answers.get(question)  # expect: cache-read, sink(cache-key)
    answers[question] = "text"  # expect: sink(cache-value)
    answers.setdefault(question, "text")  # expect: cache-write, sink(cache-key), sink(cache-value)
    answers.clear()
    return found
