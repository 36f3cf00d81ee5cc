from flask import (
    Blueprint,
    Flask,
    copy_current_request_context,
    current_app,
    g,
    jsonify,
    redirect,
    render_template_string,
    request,
    send_from_directory,
    session,
    stream_with_context,
)
from flask.views import MethodView, View
from openai import OpenAI
from markupsafe import Markup, escape
from werkzeug.utils import secure_filename

app = Flask(__name__)
api = Blueprint("api", __name__, url_prefix="/api")


@api.before_request
def check():
    return None


def check_all():
    return None


app.before_request(check_all)


@api.post("/ask")
def ask():  # expect: entry
    body = request.get_json()  # expect: source(untrusted)
    question = request.json["question"]  # expect: source(untrusted)
    auth = request.headers.get("Authorization")  # expect: source(headers)
    login = request.authorization  # expect: source(headers)
    user = session["user_id"]  # expect: source(principal)
    owner = g.user  # expect: source(principal)
    return jsonify(
        answer_of(body, question, auth, login, user, owner),  # expect: sink(response), source(headers), source(principal)
    )


@app.route("/page/<name>", methods=["GET"])
def page(name):  # expect: entry
    template = request.args["template"]  # expect: source(untrusted)
    return render_template_string(template, name=escape(name), raw=Markup(name))  # expect: sink(code-execution), sink(html)


class Item(MethodView):
    def get(self, item):  # expect: entry
        return send_from_directory("files", secure_filename(item))  # expect: sink(file-path)

    def helper(self):
        return None


class Old(View):
    def dispatch_request(self):  # expect: entry
        return redirect(target_of())  # expect: sink(url)


def numbers():  # expect: entry
    @copy_current_request_context
    def generate():
        yield "1"

    return app.response_class(stream_with_context(generate()))


app.add_url_rule("/numbers", view_func=numbers)
app.add_url_rule("/items/<item>", view_func=Item.as_view("item"))
app.register_blueprint(api, url_prefix="/v1")


app.config["MODEL"] = OpenAI()
app.config["OTHER"] = "demo"


@app.post("/kept")
def kept():  # expect: entry
    g.client = OpenAI()
    current_app.config["OTHER"].responses.create(model="m", input="hello")
    current_app.config["MODEL"].responses.create(model="gpt-4o-2024-11-20", input="hello")  # expect: llm, sink(messages), source(model-output)
    current_app.config.get("MODEL").responses.create(model="gpt-4o-2024-11-20", input="hello")  # expect: llm, sink(messages), source(model-output)
    return by_request()


def by_request():
    found = g.get("client")
    found.responses.create(model="gpt-4o-2024-11-20", input="hello")  # expect: llm, sink(messages), source(model-output)
    return g.client.responses.create(model="gpt-4o-2024-11-20", input="hello")  # expect: llm, sink(messages), source(model-output)
