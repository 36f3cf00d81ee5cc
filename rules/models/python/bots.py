import discord
import socketio
import websockets
from aiogram import Dispatcher, Router
from discord.ext import commands
from slack_bolt import App
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

slack = App(token=load_token(), signing_secret=load_secret())
bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())
dispatcher = Dispatcher()
router = Router()
sio = socketio.AsyncServer(async_mode="asgi")


async def echo(websocket):  # expect: entry
    async for text in websocket:
        await websocket.send(text)


async def main():
    async with websockets.serve(echo, "localhost", 8765):
        await forever()


@slack.middleware
def timing(next):
    next()


def check(next):
    next()


slack.use(check)


@slack.event("app_mention")
def mention(event, say):  # expect: entry
    say(event["text"])


@bot.command()
@commands.cooldown(1, 30, commands.BucketType.user)  # expect: control(rate-limit)
async def ask(ctx, *, question):  # expect: entry
    await ctx.send(question)


@bot.tree.command(name="ask")
async def slash(interaction, question: str):  # expect: entry
    await interaction.response.send_message(question)


class Helper(discord.Client):
    async def on_ready(self):
        return None

    async def on_message(self, message):  # expect: entry
        await message.channel.send(message.content)


class Commands(commands.Cog):
    @commands.command()
    async def tell(self, ctx, text):  # expect: entry
        await ctx.send(text)


async def on_text(update, context):  # expect: entry
    await update.message.reply_text(update.message.text)


async def on_start(update, context):  # expect: entry
    return None


async def on_button(update, context):  # expect: entry
    return None


application = Application.builder().token(load_token()).build()
application.add_handler(MessageHandler(filters.TEXT, on_text))
application.add_handler(CommandHandler("start", on_start))
application.add_handler(CallbackQueryHandler(on_button))


@router.message()
async def answer(message):  # expect: entry
    await message.answer(message.text)


async def pressed(query):  # expect: entry
    return None


router.callback_query.register(pressed)
router.message.middleware(Timing())
dispatcher.include_router(router)


@sio.on("ask")
async def on_ask(sid, data):  # expect: entry
    await sio.emit("answer", data, to=sid)


def acknowledge(ack):  # expect: entry
    ack()


def answer_later(payload):  # expect: entry
    return payload


def open_form(payload):  # expect: entry
    return payload


def never_registered(payload):
    return payload


# Decorators applied by hand; some say by name which function does what.
slack.view("form")(ack=acknowledge, lazy=[answer_later])
slack.shortcut("open")(open_form)
list("form")(never_registered)
