from typing import Annotated

from fastapi import (
    APIRouter,
    BackgroundTasks,
    Body,
    Depends,
    FastAPI,
    Header,
    Query,
    Request,
    Security,
    UploadFile,
    WebSocket,
)
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.param_functions import Form
from fastapi.params import Depends as DependsParam
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, StreamingResponse
from openai import AsyncOpenAI
from fastapi.security import APIKeyHeader, HTTPBearer, OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="token")
api_key = APIKeyHeader(name="x-api-key")


def settings():
    return {}


app = FastAPI(title="demo")
router = APIRouter(prefix="/v1", dependencies=[Depends(HTTPBearer())])  # expect: control(authentication)
legacy = FastAPI()
marker = DependsParam(settings)


@router.post("/ask")
async def ask(  # expect: entry
    request: Request,
    tasks: BackgroundTasks,
    question: Annotated[str, Body(max_length=4000)],  # expect: control(input-limit), source(untrusted)
    page: int = Query(default=1),  # expect: source(untrusted)
    trace: str = Header(default=""),  # expect: source(untrusted)
    token: str = Depends(oauth2),  # expect: control(authentication)
    config: dict = Depends(settings),
):
    body = await request.json()  # expect: source(untrusted)
    tasks.add_task(record, body)
    done = await run_in_threadpool(record, question)
    return JSONResponse(
        {"page": page, "trace": trace, "token": bool(token), "config": config, "done": done},  # expect: sink(response)
    )


@router.get("/page", dependencies=[Security(api_key)])  # expect: control(authentication)
def page():  # expect: entry
    return HTMLResponse(render())  # expect: sink(html), sink(response)


@app.api_route("/any", methods=["GET", "POST"])
async def anything(file: UploadFile, note: str = Form(max_length=200)):  # expect: entry, control(input-limit)
    data = await file.read()  # expect: source(untrusted)
    name = file.filename  # expect: source(untrusted)
    return StreamingResponse(chunks(data, name, note))  # expect: sink(response), source(untrusted)


@app.websocket("/ws")
async def talk(websocket: WebSocket):  # expect: entry
    await websocket.accept()
    text = await websocket.receive_text()  # expect: source(untrusted)
    await websocket.send_text(text)  # expect: sink(response)


def download():  # expect: entry
    return FileResponse(path_of())  # expect: sink(file-path)


async def moved():  # expect: entry
    return RedirectResponse(target_of())  # expect: sink(url)


async def live(websocket: WebSocket):  # expect: entry
    await websocket.accept()


@app.middleware("http")
async def timing(request: Request, call_next):
    return await call_next(request)


@app.exception_handler(ValueError)
async def failed(request, error):
    return None


def record(body):
    return len(body)


app.add_middleware(GZipMiddleware)
app.add_api_route("/download", download, methods=["GET"])
app.add_api_route("/moved", endpoint=moved, dependencies=[Depends(settings)])
app.add_api_websocket_route("/live", live)
app.include_router(router, prefix="/api", dependencies=[Depends(settings)])
app.mount("/legacy", legacy)


def by_hand(question: str):  # expect: entry
    return question


router.post("/by-hand", summary="Applied by a call")(by_hand)
record("/by-hand")(record)


@app.on_event("startup")
async def start():
    app.state.model = AsyncOpenAI()
    app.state.name = "demo"


@router.post("/kept")
async def kept(request: Request, messages: list):  # expect: entry
    request.app.state.name.chat.completions.create(model="m", messages=messages)
    return await request.app.state.model.chat.completions.create(  # expect: llm, source(model-output)
        model="gpt-4o-2024-11-20",
        messages=messages,  # expect: sink(messages)
    )
