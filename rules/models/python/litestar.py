from typing import Annotated

from litestar import Litestar, Request, Router, get, post, websocket_listener
from litestar.di import Provide
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import Parameter
from litestar.security.jwt import JWTAuth

limits = RateLimitConfig(rate_limit=("minute", 10))  # expect: control(rate-limit)
auth = JWTAuth(retrieve_user_handler=find_user, token_secret=load_secret())  # expect: control(authentication)


async def settings():
    return {}


def check(connection, handler):
    return None


@post("/ask", guards=[check])
async def ask(request: Request, title: Annotated[str, Parameter(max_length=80)]) -> dict:  # expect: entry, control(input-limit)
    body = await request.json()  # expect: source(untrusted)
    page = request.query_params["page"]  # expect: source(untrusted)
    agent = request.headers["user-agent"]  # expect: source(headers)
    return {"body": body, "page": page, "agent": agent, "user": request.user, "title": title}  # expect: source(principal)


@get("/ping", dependencies={"settings": Provide(settings)})
async def ping(settings: dict) -> str:  # expect: entry
    return "pong"


@websocket_listener("/talk")
async def talk(data: str) -> str:  # expect: entry
    return data


router = Router(path="/v1", route_handlers=[ask, ping])
app = Litestar(route_handlers=[router, talk], middleware=[limits.middleware], on_app_init=[auth.on_app_init])
