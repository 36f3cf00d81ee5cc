import disnake
import hikari
import interactions
import telebot
from botbuilder.core import ActivityHandler
from disnake.ext import commands
from linebot.v3 import WebhookHandler
from nio import AsyncClient
from pyrogram import Client as PyrogramClient
from pywa import WhatsApp
from slack_sdk import WebClient
from slack_sdk.rtm_v2 import RTMClient
from telethon import TelegramClient, events

tele = telebot.TeleBot("t")
telethon = TelegramClient("s", 1, "h")
gram = PyrogramClient("g")
cord = commands.Bot()
gateway = hikari.GatewayBot("t")
line = WebhookHandler("s")
wa = WhatsApp()
rtm = RTMClient(token="t")


@tele.message_handler(commands=["ask"])
def tele_ask(message):  # expect: entry
    return message.text


@telethon.on(events.NewMessage)
async def telethon_ask(event):  # expect: entry
    return event.text


@gram.on_message()
async def gram_ask(client, message):  # expect: entry
    return message.text


class Teams(ActivityHandler):
    async def on_message_activity(self, turn_context):  # expect: entry
        return turn_context.activity.text


@cord.slash_command()
async def cord_ask(inter, text: str):  # expect: entry
    return text


@gateway.listen()
async def gateway_ask(event: hikari.MessageCreateEvent):  # expect: entry
    return event.content


@interactions.slash_command(name="ask")
async def slash_ask(ctx, text: str):  # expect: entry
    return text


@line.add("message")
def line_ask(event):  # expect: entry
    return event.message.text


@wa.on_message()
def wa_ask(client, message):  # expect: entry
    return message.text


@rtm.on("message")
def rtm_ask(client, event):  # expect: entry
    return event


async def nio_ask(room, event):  # expect: entry
    return event.body


def wire():
    AsyncClient("https://matrix.example.com").add_event_callback(nio_ask, None)
    WebClient("t").chat_postMessage(channel="c", text="hello")
    return disnake
