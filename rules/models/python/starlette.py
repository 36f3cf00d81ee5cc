from openai import OpenAI
from starlette.applications import Starlette
from starlette.authentication import requires
from starlette.background import BackgroundTask, BackgroundTasks
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.endpoints import HTTPEndpoint, WebSocketEndpoint
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.websockets import WebSocket


@requires("authenticated")  # expect: control(authentication)
async def ask(request: Request):  # expect: entry
    body = await request.json()  # expect: source(untrusted)
    page = request.query_params["page"]  # expect: source(untrusted)
    agent = request.headers["user-agent"]  # expect: source(headers)
    name = request.user.display_name  # expect: source(principal)
    done = await run_in_threadpool(work, body)
    task = BackgroundTask(work, body)
    tasks = BackgroundTasks()
    tasks.add_task(work, body)
    return JSONResponse(
        {"done": done, "page": page, "agent": agent, "name": name},  # expect: sink(response)
        background=task,
    )


async def talk(websocket: WebSocket):  # expect: entry
    token = websocket.query_params["token"]  # expect: source(untrusted)
    origin = websocket.headers["origin"]  # expect: source(headers)
    await websocket.accept()
    async for text in websocket.iter_text():  # expect: source(untrusted)
        await websocket.send_text(text + token + origin)  # expect: sink(response)


class Item(HTTPEndpoint):
    async def get(self, request):  # expect: entry
        return HTMLResponse(page_of(request))  # expect: sink(html), sink(response)

    async def post(self, request):  # expect: entry
        return RedirectResponse(next_of(request))  # expect: sink(url)

    def helper(self):
        return None


class Echo(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket):
        await websocket.accept()

    async def on_receive(self, websocket, data):  # expect: entry
        await websocket.send_text(data)  # expect: sink(response)


async def download(request):  # expect: entry
    return FileResponse(path_of(request))  # expect: sink(file-path)


async def live(websocket):  # expect: entry
    await websocket.close()


async def numbers(request):  # expect: entry
    return StreamingResponse(iterate_in_threadpool(count()))  # expect: sink(response)


def work(body):
    return len(body)


app = Starlette(
    routes=[
        Route("/ask", ask, methods=["POST"], middleware=[Middleware(CORSMiddleware)]),
        WebSocketRoute("/talk", endpoint=talk),
        Mount("/sub", routes=[Route("/download", download)]),
    ],
    middleware=[Middleware(AuthenticationMiddleware, backend=BACKEND)],  # expect: control(authentication)
)
app.add_middleware(CORSMiddleware)
app.add_route("/numbers", numbers)
app.add_websocket_route("/live", live)
app.mount("/static", STATIC)


@app.middleware("http")
async def timing(request, call_next):
    return await call_next(request)


@app.route("/old")
async def old(request):  # expect: entry
    return JSONResponse({})  # expect: sink(response)


@app.websocket_route("/old-live")
async def old_live(websocket):  # expect: entry
    await websocket.close()


async def remembered(request: Request):  # expect: entry
    request.state.client = OpenAI()
    return by_state(request)


def by_state(request: Request):
    request.state.other.chat.completions.create(model="m", messages=[])
    return request.state.client.chat.completions.create(model="gpt-4o-2024-11-20", messages=[])  # expect: llm, sink(messages), source(model-output)


app.state.client = OpenAI()
app.state.client.chat.completions.create(model="gpt-4o-2024-11-20", messages=[])  # expect: llm, sink(messages), source(model-output)
app.add_route("/remembered", remembered)
