from quart import Blueprint, Quart, jsonify, render_template_string, request, session, websocket

app = Quart(__name__)
api = Blueprint("api", __name__, url_prefix="/api")


@api.before_request
async def check():
    return None


@api.post("/ask")
async def ask():  # expect: entry
    body = await request.get_json()  # expect: source(untrusted)
    page = request.args["page"]  # expect: source(untrusted)
    agent = request.headers["user-agent"]  # expect: source(headers)
    app.add_background_task(record, body)
    return jsonify({"page": page, "agent": agent, "user": session["user"]})  # expect: sink(response), source(principal)


@api.websocket("/talk")
async def talk():  # expect: entry
    while True:
        text = await websocket.receive()  # expect: source(untrusted)
        await websocket.send(text)  # expect: sink(response)


async def page():  # expect: entry
    return await render_template_string("hello")  # expect: sink(code-execution)


def record(body):
    return len(body)


app.add_url_rule("/page", view_func=page)
app.register_blueprint(api, url_prefix="/v1")
