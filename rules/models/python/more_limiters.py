from aiolimiter import AsyncLimiter
from ninja.throttling import AuthRateThrottle
from quart_rate_limiter import rate_limit
from ratelimit import limits
from sanic_limiter import Limiter
from throttled import Throttled
from upstash_ratelimit import FixedWindow, Ratelimit

shared = Ratelimit(redis=None, limiter=FixedWindow(max_requests=10, window=10))
throttle = Throttled(key="ask", quota="10/s")
sanics = Limiter(None)
throttles = [AuthRateThrottle("10/s")]  # expect: control(rate-limit)


def allowed(user):
    return shared.limit(user).allowed  # expect: control(rate-limit)


@limits(calls=15, period=60)
def bounded():
    return None


@rate_limit(10)  # expect: control(rate-limit)
async def paced():
    return None


@throttle  # expect: control(rate-limit)
def throttled_ask():
    return None


@sanics.limit("10/minute")  # expect: control(rate-limit)
async def sanic_ask(request):
    return None


async def waits():
    await AsyncLimiter(10).acquire()
