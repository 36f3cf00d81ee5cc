import azure.functions as func
import bentoml
import bottle
import cherrypy
import dash
import falcon
import functions_framework
import grpc
import modal
import panel as pn
import reflex as rx
import strawberry
from ariadne import QueryType
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.router import Router as PowertoolsRouter
from blacksheep import Application
from blacksheep.server.controllers import Controller, post
from chalice import Blueprint as ChaliceBlueprint
from chalice import Chalice
from nicegui import ui
from pyramid.config import Configurator
from pyramid.view import view_config
from robyn import Robyn, SubRouter

bottles = bottle.Bottle()


@bottles.post("/ask")  # the decorator
def bottle_ask():  # expect: entry
    head = bottle.request.headers  # expect: source(headers)
    return bottle.request.json, head  # expect: source(untrusted)


@bottles.hook("before_request")
def bottle_guard():
    return None


parent = bottle.Bottle()
parent.mount("/v1", bottles)


class FalconAsk:
    def on_post(self, req, resp):  # expect: entry
        resp.media = req.media


falcons = falcon.App(middleware=[FalconAsk()])
falcons.add_route("/ask", FalconAsk())


@view_config(route_name="ask", renderer="json")
def pyramid_ask(request):  # expect: entry
    return request.json_body


def pyramid_other(request):  # expect: entry
    return request.json_body


config = Configurator()
config.add_view(pyramid_other, route_name="other")


class Root:
    @cherrypy.expose
    def ask(self, text):  # expect: entry
        return text


robyns = Robyn(__file__)
inner = SubRouter(__file__, prefix="/inner")
robyns.include_router(inner)


@robyns.post("/ask")
async def robyn_ask(request):  # expect: entry
    return request.body


@robyns.before_request()
async def robyn_guard(request):
    return request


black = Application()
black.middlewares.append(robyn_guard)


@black.router.post("/ask")
async def black_ask(text: str):  # expect: entry
    return text


class Notes(Controller):
    @post("/notes")
    async def note(self, text: str):  # expect: entry
        return text


azures = func.FunctionApp()
blue = func.Blueprint()
azures.register_functions(blue)


@azures.route(route="ask")
def azure_ask(req: func.HttpRequest):  # expect: entry
    return req.get_json()


@azures.queue_trigger(arg_name="message", queue_name="asks", connection="store")
def azure_queue(message: func.QueueMessage):  # expect: entry
    return message.get_body()


@functions_framework.http
def cloud_ask(request):  # expect: entry
    return request.get_json()


@functions_framework.cloud_event
def cloud_queue(event):  # expect: entry
    return event.data


chalices = Chalice(app_name="asks")
chalices.register_blueprint(ChaliceBlueprint(__name__))


@chalices.route("/ask", methods=["POST"])
def chalice_ask():  # expect: entry
    return chalices.current_request.json_body


@chalices.on_sqs_message(queue="asks")
def chalice_queue(event):  # expect: entry
    return event


power = APIGatewayRestResolver()
power.include_router(PowertoolsRouter(), prefix="/more")


@power.post("/ask")
def power_ask():  # expect: entry
    return power.current_event.json_body


modals = modal.App("asks")


@modals.function()
@modal.fastapi_endpoint(method="POST")
def modal_ask(text: str):  # expect: entry
    return text


@bentoml.service
class Bento:
    @bentoml.api
    def ask(self, text: str) -> str:  # expect: entry
        return text


@strawberry.type
class Query:
    @strawberry.field
    def ask(self, text: str) -> str:  # expect: entry
        return text


query = QueryType()


@query.field("ask")
def resolve_ask(_, info, text):  # expect: entry
    return text


def clicked(event):  # expect: entry
    return event


ui.button("Ask", on_click=clicked)


@ui.page("/ask")
def nice_page():  # expect: entry
    return None


async def chatted(contents, user, instance):  # expect: entry
    return contents


pn.chat.ChatInterface(callback=chatted)
dashes = dash.Dash(__name__)


@dashes.callback(dash.Output("out", "children"), dash.Input("in", "value"))
def changed(value):  # expect: entry
    return value


class Handler(grpc.GenericRpcHandler):
    def service(self, details):  # expect: entry
        return details


class State(rx.State):
    def ask(self, form):  # expect: entry
        return form
