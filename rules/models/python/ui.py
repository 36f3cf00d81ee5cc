import chainlit as cl
import gradio as gr
import streamlit as st
import streamlit.components.v1 as components
from openai import OpenAI


def reply(message, history):  # expect: entry
    return message


def press(text):  # expect: entry
    return text


def load_state():  # expect: entry
    return None


chat = gr.ChatInterface(fn=reply)

with gr.Blocks() as demo:
    box = gr.Textbox(max_length=500)  # expect: control(input-limit)
    button = gr.Button("Ask")
    button.click(fn=press, inputs=box, outputs=box)
    demo.load(load_state)

demo.launch(auth=("admin", read_password()))


@st.cache_data  # expect: cache-wrap
def table():
    return []


def page():  # expect: entry
    st.login()  # expect: control(authentication)
    key = st.secrets["api_key"]  # expect: source(secret)
    question = st.chat_input("Ask", max_chars=500)  # expect: control(input-limit), source(untrusted)
    st.write(question)  # expect: sink(response)
    components.html(question)  # expect: sink(html)
    return key  # expect: source(secret)


@cl.password_auth_callback  # expect: control(authentication)
def check(username, password):
    return None


@cl.on_message
async def on_message(message: cl.Message):  # expect: entry
    cl.user_session.set("last", message.content)  # expect: cache-write, sink(cache-value)
    work = cl.make_async(table)
    answer = await cl.AskUserMessage(content="More?").send()  # expect: source(untrusted)
    await cl.AskActionMessage(content="Go?", actions=[]).send()  # expect: control(approval)
    await cl.Message(content=str(answer)).send()  # expect: sink(response)
    return work


@cl.action_callback("again")
async def again(action):  # expect: entry
    return None


@cl.cache  # expect: cache-wrap
def costly():
    return []


@cl.on_chat_start
async def start():
    return None


def script():  # expect: entry
    if "client" not in st.session_state:
        st.session_state.client = OpenAI()
    st.session_state.setdefault("second", OpenAI())
    question = st.text_input("Ask")  # expect: source(untrusted)
    st.session_state.question.responses.create(model="m", input=question)
    st.session_state.get("second").responses.create(model="gpt-4o-2024-11-20", input=question)  # expect: llm, sink(messages), source(model-output)
    return st.session_state["client"].responses.create(model="gpt-4o-2024-11-20", input=question)  # expect: llm, sink(messages), source(model-output)


@cl.on_chat_start
async def begin():
    cl.user_session.set("client", OpenAI())  # expect: cache-write, sink(cache-value)
    cl.user_session.set("name", "demo")  # expect: cache-write, sink(cache-value)


@cl.on_message
async def ask(message: cl.Message):  # expect: entry
    cl.user_session.get("name").responses.create(model="m", input=message.content)
    client = cl.user_session.get("client")
    return client.responses.create(model="gpt-4o-2024-11-20", input=message.content)  # expect: llm, sink(messages), source(model-output)
