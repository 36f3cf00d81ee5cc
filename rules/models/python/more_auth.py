from allauth.account.decorators import verified_email_required
from fastapi import Depends, FastAPI
from fastapi_azure_auth import SingleTenantAzureAuthorizationCodeBearer
from flask_security import auth_required
from google.oauth2 import id_token
from joserfc import jwt
from keycloak import KeycloakOpenID
from descope import DescopeClient
from stytch import Client

azure = SingleTenantAzureAuthorizationCodeBearer(app_client_id="a", tenant_id="t")  # expect: control(authentication)
app = FastAPI()


def who(token, key, request):
    first = jwt.decode(token, key)  # expect: control(authentication), source(principal)
    second = id_token.verify_oauth2_token(token, request)  # expect: control(authentication), source(principal)
    third = KeycloakOpenID(server_url="https://login.example.com", realm_name="r", client_id="c").introspect(token)  # expect: control(authentication), source(principal)
    fourth = DescopeClient(project_id="p").validate_session(token)  # expect: control(authentication), source(principal)
    return first, second, third, fourth, Client("p", "s").sessions.authenticate_jwt(token)  # expect: control(authentication), source(principal)


@app.get("/ask")
def ask(user=Depends(azure)):  # expect: entry
    return user


@auth_required("token")  # expect: control(authentication)
def page():
    return None


@verified_email_required  # expect: control(authentication)
def mail(request):
    return request
