from flask import Blueprint, Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

app = Flask(__name__)
limiter = Limiter(get_remote_address, app=app, default_limits=["200 per day", "50 per hour"])  # expect: control(rate-limit)
limiter.init_app(app)
api = Blueprint("api", __name__)


@app.post("/ask")
@limiter.limit("5/minute", key_func=user_of)  # expect: control(rate-limit)
def ask():  # expect: entry
    return {}


@app.get("/slow")
@limiter.shared_limit("20/hour", scope="slow")  # expect: control(rate-limit)
def slow():  # expect: entry
    return {}


@app.get("/ping")
@limiter.exempt
def ping():  # expect: entry
    return {}
