import diskcache
from aiocache import cached
from cashews import cache as cashew
from dogpile.cache import make_region
from fastapi_cache.decorator import cache
from flask_caching import Cache
from gptcache.adapter.api import get, put
from joblib import Memory
from pymemcache.client.base import Client

disk = diskcache.Cache("/tmp/cache")
region = make_region().configure("dogpile.cache.memory")
pages = Cache(config={"CACHE_TYPE": "SimpleCache"})
memory = Memory("/tmp/jobs")


def store(key, value):
    disk.set(key, value)  # expect: cache-write, sink(cache-key), sink(cache-value)
    put(key, value)  # expect: cache-write, sink(cache-key), sink(cache-value)
    return disk.get(key), get(key), Client("localhost").get(key)  # expect: cache-read, sink(cache-key)


@region.cache_on_arguments()  # expect: cache-wrap
def region_answer(text):
    return text


@pages.memoize(timeout=50)  # expect: cache-wrap
def page_answer(text):
    return text


@memory.cache  # expect: cache-wrap
def job_answer(text):
    return text


@cached(ttl=10)  # expect: cache-wrap
async def async_answer(text):
    return text


@cache(expire=60)  # expect: cache-wrap
async def route_answer(text):
    return text


@cashew(ttl="1m")  # expect: cache-wrap
async def cashew_answer(text):
    return text
