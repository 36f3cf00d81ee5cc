import jwt
from fastapi_users import FastAPIUsers
from firebase_admin import auth
from jose import jwt as jose_jwt
from supabase import create_client

users = FastAPIUsers(get_user_manager, [BACKEND])
current = users.current_user(active=True)  # expect: control(authentication)
supabase = create_client("https://example.supabase.co", load_key())  # expect: sink(row-security)


def first(token):
    claims = jwt.decode(token, load_key(), algorithms=["HS256"])  # expect: control(authentication), sink(credential), source(principal)
    other = jose_jwt.decode(token, load_key(), algorithms=["HS256"])  # expect: control(authentication), sink(credential), source(principal)
    return claims, other


def second(token):
    fire = auth.verify_id_token(token)  # expect: control(authentication), source(principal)
    supa = supabase.auth.get_user(token)  # expect: control(authentication), source(principal)
    notes = supabase.table("notes").select("*").eq("user_id", supa.user.id)  # expect: lookup, sink(retrieval-filter)
    near = supabase.rpc("near", {"user_id": supa.user.id})  # expect: retrieval, sink(retrieval-filter), source(retrieved)
    return fire, supa, jwt.encode({"sub": "a"}, load_key())
