from flask import Blueprint, Flask, jsonify, request
from flask_restful import Api as RestfulApi
from flask_restful import Resource as RestfulResource
from flask_restx import Api, Namespace, Resource, reqparse

app = Flask(__name__)
bound = Blueprint("bound", __name__)
api = Api(bound, prefix="/v1")
late = Api(version="1.0")
late.init_app(app)
answers = Namespace("answers", path="/answers")
api.add_namespace(answers, path="/answers")
later = late.namespace("later")
parser = reqparse.RequestParser()
parser.add_argument("question")


@answers.route("/ask")
class Ask(Resource):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)

    @answers.doc(description="Asks")
    def post(self):  # expect: entry
        data = answers.payload  # expect: source(untrusted)
        return {"answer": data["question"]}

    def get(self, name):  # expect: entry
        values = parser.parse_args()  # expect: source(untrusted), control(request-validation)
        return {"name": name, "question": values["question"]}

    def helper(self):
        return {}


class Plain(RestfulResource):
    def put(self):  # expect: entry
        return {}


class NotServed:
    def post(self):
        return {}
