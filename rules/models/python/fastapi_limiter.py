from fastapi import Depends, FastAPI, WebSocket
from fastapi_limiter import FastAPILimiter
from fastapi_limiter.depends import RateLimiter, WebSocketRateLimiter
from fastapi_limiter.middleware import RateLimiterMiddleware

app = FastAPI()
app.add_middleware(RateLimiterMiddleware, limiter=LIMITER)  # expect: control(rate-limit)


@app.on_event("startup")
async def startup():
    await FastAPILimiter.init(connection())


@app.post("/ask", dependencies=[Depends(RateLimiter(times=2, seconds=5))])  # expect: control(rate-limit)
async def ask():  # expect: entry
    return {}


@app.websocket("/ws")
async def talk(websocket: WebSocket):  # expect: entry
    limit = WebSocketRateLimiter(times=1, seconds=5, identifier=user_of)  # expect: control(rate-limit)
    await limit(websocket)
