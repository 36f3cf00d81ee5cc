import tornado.web
import tornado.websocket
from sanic import Blueprint, Request, Sanic
from sanic.response import html, json
from sanic.views import HTTPMethodView

app = Sanic("demo")
api = Blueprint("api")


@app.on_request
async def timing(request):
    return None


@api.post("/ask")
async def ask(request: Request):  # expect: entry
    question = request.json["question"]  # expect: source(untrusted)
    agent = request.headers["user-agent"]  # expect: source(headers)
    app.add_task(save)
    return json({"question": question, "agent": agent})  # expect: sink(response)


@app.websocket("/talk")
async def talk(request, ws):  # expect: entry
    await ws.send(await ws.recv())


async def page(request):  # expect: entry
    return html("<p>hello</p>")  # expect: sink(html), sink(response)


class Item(HTTPMethodView):
    async def get(self, request):  # expect: entry
        return None


async def save():
    return None


app.add_route(page, "/page")
app.blueprint(api, url_prefix="/v1")


class Main(tornado.web.RequestHandler):
    @tornado.web.authenticated  # expect: control(authentication)
    async def post(self):  # expect: entry
        question = self.get_argument("question")  # expect: source(untrusted)
        body = self.request.body  # expect: source(untrusted)
        agent = self.request.headers["user-agent"]  # expect: source(headers)
        user = self.current_user  # expect: source(principal)
        self.write({"question": question, "body": body, "agent": agent, "user": user})  # expect: sink(response), source(principal), source(untrusted)

    def initialize(self):
        return None


class Socket(tornado.websocket.WebSocketHandler):
    def open(self):
        return None

    def on_message(self, message):  # expect: entry
        self.write_message(message)
