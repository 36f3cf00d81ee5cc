from flask import Flask
from flask_httpauth import HTTPTokenAuth
from flask_jwt_extended import get_jwt_identity, jwt_required
from flask_login import current_user, login_required

app = Flask(__name__)
auth = HTTPTokenAuth(scheme="Bearer")


@app.get("/me")
@login_required  # expect: control(authentication)
def me():  # expect: entry
    return {"name": current_user.name}  # expect: source(principal)


@app.get("/token")
@jwt_required()  # expect: control(authentication)
def token():  # expect: entry
    return {"name": get_jwt_identity()}  # expect: source(principal)


@app.get("/basic")
@auth.login_required  # expect: control(authentication)
def basic():  # expect: entry
    return {"name": auth.current_user()}  # expect: source(principal)


@app.get("/open")
def open_view():  # expect: entry
    return {}
