import msgspec
from flask_pydantic import validate
from jsonschema import validate as check
from marshmallow import Schema, fields
from marshmallow.validate import Length
from webargs.flaskparser import use_args


class Ask(Schema):
    text = fields.Str(validate=Length(max=500))  # expect: control(input-limit)


class Question(msgspec.Struct):
    text: str


def read(body, raw):
    first = Ask().load(body)  # expect: control(request-validation)
    check(instance=body, schema={"type": "object"})  # expect: control(request-validation)
    return first, msgspec.json.decode(raw, type=Question)  # expect: control(request-validation)


@use_args({"text": fields.Str(required=True)}, location="json")  # expect: control(request-validation)
def parsed(args):
    return args


@validate()  # expect: control(request-validation)
def typed(body: dict):
    return body
