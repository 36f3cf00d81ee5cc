from fastapi import FastAPI, Request
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.middleware import SlowAPIMiddleware
from slowapi.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=["60/minute"])
app = FastAPI()
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.add_middleware(SlowAPIMiddleware)  # expect: control(rate-limit)


@app.post("/ask")
@limiter.limit("5/minute", key_func=user_of)  # expect: control(rate-limit)
async def ask(request: Request):  # expect: entry
    return {}


@app.post("/other")
@limiter.shared_limit("100/hour", scope="other")  # expect: control(rate-limit)
async def other(request: Request):  # expect: entry
    return {}


@app.get("/health")
async def health():  # expect: entry
    return {}
