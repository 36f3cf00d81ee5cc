from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.db import connection, models
from django.http import HttpRequest, JsonResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.utils.decorators import method_decorator
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.views import View
from django.views.generic import FormView
from django.views.decorators.cache import cache_page
from django_ratelimit.decorators import ratelimit
from openai import OpenAI
from ninja import NinjaAPI, Router
from ninja.security import django_auth
from ninja.throttling import AuthRateThrottle
from rest_framework import serializers, viewsets
from rest_framework.decorators import action, api_view, permission_classes, throttle_classes
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import UserRateThrottle
from rest_framework.views import APIView

api = NinjaAPI(auth=django_auth)  # expect: control(authentication)
router = Router()


class Note(models.Model):
    text = models.TextField()


class AskSerializer(serializers.Serializer):
    question = serializers.CharField(max_length=2000)  # expect: control(input-limit)


@login_required  # expect: control(authentication)
@ratelimit(key="user", rate="5/m")  # expect: control(rate-limit)
def ask(request: HttpRequest):  # expect: entry
    question = request.POST["question"]  # expect: source(untrusted)
    agent = request.headers["user-agent"]  # expect: source(headers)
    user = request.user  # expect: source(principal)
    found = cache.get(f"answer:{user.id}")  # expect: cache-read, sink(cache-key), source(principal)
    cache.set(f"answer:{user.id}", question, 60)  # expect: cache-write, sink(cache-key), sink(cache-value), source(principal)
    with connection.cursor() as cursor:
        cursor.execute("select 1")  # expect: sink(sql)
    return JsonResponse({"answer": mark_safe(escape(question)), "agent": agent, "found": found})  # expect: sink(html), sink(response)


@cache_page(60)  # expect: cache-wrap
def about(request):  # expect: entry
    return redirect(request.GET["next"])  # expect: sink(url), source(untrusted)


@method_decorator(login_required, name="dispatch")
class Page(LoginRequiredMixin, View):  # expect: control(authentication)
    def get(self, request):  # expect: entry
        return JsonResponse({"page": request.GET["page"]})  # expect: sink(response), source(untrusted)

    def helper(self):
        return None


@api_view(["POST"])
@permission_classes([IsAuthenticated])  # expect: control(authentication)
@throttle_classes([UserRateThrottle])  # expect: control(rate-limit)
def chat(request):  # expect: entry
    serializer = AskSerializer(data=request.data)  # expect: source(untrusted)
    serializer.is_valid(raise_exception=True)  # expect: control(request-validation)
    return None


class Ask(FormView):
    def form_valid(self, form):  # expect: entry
        return form.cleaned_data


class Chat(APIView):
    def post(self, request):  # expect: entry
        return None


class Items(viewsets.ModelViewSet):
    def create(self, request):  # expect: entry
        return None

    @action(detail=True, methods=["post"])
    def like(self, request, pk=None):  # expect: entry
        return None


@router.post("/ask", throttle=[AuthRateThrottle("10/m")])  # expect: control(rate-limit)
def ninja_ask(request, question: str):  # expect: entry
    return {"question": question}


class Talk(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):  # expect: entry
        await sync_to_async(save)(text_data)


def save(text):
    return Note.objects.filter(text=text).first()  # expect: lookup, sink(retrieval-filter)


api.add_router("/v1", router)
urlpatterns = [
    path("ask/", ask),
    path("about/", about),
    path("page/", Page.as_view()),
    path("api/", include("api.urls")),
]


class Topic(models.Model):
    title = models.TextField()

    def ask(self, client):
        return client.title


class Question(models.Model):
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE)
    text = models.TextField()

    def answer(self):
        return OpenAI().responses.create(model="gpt-4o-2024-11-20", input=self.text)  # expect: llm, sink(messages), source(model-output)
