import shutil
import smtplib
from email.message import EmailMessage
from email.mime.text import MIMEText
from pathlib import Path
import jsonpickle
import asyncio
import functools
import html
import importlib
import multiprocessing
import os
import pathlib
import pickle
import shelve
import shlex
import sqlite3
import subprocess
import threading
from code import InteractiveInterpreter
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import yaml


def sinks(text):
    subprocess.run(text, shell=True)  # expect: sink(shell)
    os.system("ls " + shlex.quote(text))  # expect: sink(shell)
    pickle.loads(text)  # expect: sink(deserialization)
    shelve.open(text)  # expect: sink(deserialization)
    yaml.load(text, Loader=yaml.Loader)  # expect: sink(deserialization)
    yaml.safe_load(text)
    importlib.import_module(text)  # expect: sink(code-execution)
    InteractiveInterpreter().runcode(text)  # expect: sink(code-execution)
    os.remove(os.path.basename(text))  # expect: sink(file-path)
    pathlib.Path(text).resolve().read_text()  # expect: sink(file-path)
    db = sqlite3.connect("app.db")
    db.execute(text)  # expect: sink(sql)
    cursor = db.cursor()
    cursor.executemany(text, [])  # expect: sink(sql)
    return html.escape(text), quote(text)


def secrets():
    return os.getenv("API_KEY"), os.environ["DB_PASSWORD"], os.environ.get("TOKEN")  # expect: source(secret)


@functools.lru_cache(maxsize=128)  # expect: cache-wrap
def cached(key):
    return key


@functools.cache  # expect: cache-wrap
def forever(key):
    return key


bound = functools.partial(cached, "a")


async def tasks(question):
    await asyncio.create_subprocess_shell(question)  # expect: sink(shell)
    first = asyncio.create_task(ask(question))
    both = await asyncio.gather(ask(question), ask(question))
    third = await asyncio.wait_for(ask(question), timeout=10)
    async with asyncio.TaskGroup() as group:
        group.create_task(ask(question))
    async with asyncio.timeout(5):
        fourth = await asyncio.to_thread(cached, question)
    loop = asyncio.get_running_loop()
    fifth = await loop.run_in_executor(None, cached, question)
    loop.call_soon(cached, question)
    loop.call_later(1, cached, question)
    return first, both, third, fourth, fifth


async def ask(question):
    return question


def threads(question):
    with ThreadPoolExecutor(max_workers=2) as pool:
        future = pool.submit(cached, question)
    with multiprocessing.Pool(2) as workers:
        workers.apply(cached, (question,))
    threading.Thread(target=cached, args=(question,)).start()
    threading.Timer(3.0, cached, [question]).start()
    return future.result()


def mail(html, text):
    part = MIMEText(html, "html")  # expect: sink(html)
    message = EmailMessage()
    message.set_content(text, subtype="plain")  # expect: sink(html)
    with smtplib.SMTP("mail.internal") as server:
        server.send_message(message)
    loaded = jsonpickle.decode(text)  # expect: sink(deserialization)
    shutil.rmtree(text)  # expect: sink(file-path)
    os.makedirs(text)  # expect: sink(file-path)
    return part, loaded, Path(text).name


jobs = multiprocessing.Queue()
jobs.put("question")
shutil.which(jobs.get())
