from aiohttp import web
from openai import OpenAI

routes = web.RouteTableDef()


@web.middleware
async def timing(request, handler):
    return await handler(request)


@routes.post("/ask")
async def ask(request: web.Request):  # expect: entry
    body = await request.json()  # expect: source(untrusted)
    page = request.query["page"]  # expect: source(untrusted)
    agent = request.headers["user-agent"]  # expect: source(headers)
    return web.json_response(
        {"body": body, "page": page, "agent": agent},  # expect: sink(response)
    )


async def ping(request):  # expect: entry
    return web.Response(text="pong")  # expect: sink(response)


async def other(request):  # expect: entry
    return None


async def third(request):  # expect: entry
    return None


app = web.Application(middlewares=[timing])
app.middlewares.append(timing)
app.router.add_get("/ping", ping)
app.router.add_route("POST", "/other", other)
app.add_routes(routes)
app.add_routes([web.get("/third", third)])
app.add_subapp("/sub", web.Application())


async def kept(request: web.Request):  # expect: entry
    request.app["other"].responses.create(model="m", input="hello")
    return request.app["client"].responses.create(model="gpt-4o-2024-11-20", input="hello")  # expect: llm, sink(messages), source(model-output)


app["client"] = OpenAI()
app.router.add_get("/kept", kept)
