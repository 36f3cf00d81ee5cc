from fastapi import FastAPI
from limits import parse, storage, strategies
from pyrate_limiter import Duration, Limiter, Rate
from ratelimit import RateLimitMiddleware

app = FastAPI()
app.add_middleware(RateLimitMiddleware, authenticate=user_of, backend=BACKEND, config=RULES)  # expect: control(rate-limit)
window = strategies.MovingWindowRateLimiter(storage.MemoryStorage())
limiter = Limiter(Rate(5, Duration.MINUTE))
per_minute = parse("5/minute")


def check(user):
    if not window.hit(per_minute, user):  # expect: control(rate-limit)
        raise PermissionError(user)
    limiter.try_acquire(user)  # expect: control(rate-limit)
