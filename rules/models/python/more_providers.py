import aisuite
import dashscope
import fireworks.client
import llm
import lmstudio
import oci
import outlines
import sglang
import voyageai
from fireworks.client import Fireworks
from gpt4all import GPT4All
from ibm_watsonx_ai.foundation_models import ModelInference
from mlx_lm import generate
from openrouter import OpenRouter
from portkey_ai import Portkey
from reka.client import Reka
from sentence_transformers import SentenceTransformer
from snowflake.cortex import complete
from text_generation import Client as TgiClient
from txtai import LLM
from writerai import Writer
from xai_sdk import Client as XaiClient
from xai_sdk.chat import system, user
from zhipuai import ZhipuAI


def hosted(question):
    messages = [{"role": "user", "content": question}]
    a = Fireworks().chat.completions.create(model="m", messages=messages)  # expect: llm, sink(messages), source(model-output)
    b = ZhipuAI().chat.completions.create(model="glm-4", messages=messages)  # expect: llm, sink(messages), source(model-output)
    c = aisuite.Client().chat.completions.create(model="openai:gpt-4o", messages=messages)  # expect: llm, sink(messages), source(model-output)
    d = Portkey().chat.completions.create(model="gpt-4o", messages=messages)  # expect: llm, sink(messages), source(model-output)
    e = Portkey().completions.create(model="gpt-4o", prompt=question)  # expect: llm, sink(user-prompt), source(model-output)
    f = Portkey().embeddings.create(model="e", input=question)  # expect: embedding
    g = fireworks.client.ChatCompletion.create(model="m", messages=messages)  # expect: llm, sink(messages), source(model-output)
    chat = XaiClient().chat.create(model="grok-4", messages=[system("You list planets.")])  # expect: sink(messages), sink(system-prompt)
    chat.append(user(question))  # expect: sink(user-prompt)
    h = chat.sample()  # expect: llm, source(model-output)
    i = dashscope.Generation.call(model="qwen-plus", messages=messages)  # expect: llm, sink(messages), source(model-output)
    j = dashscope.TextEmbedding.call(model="text-embedding-v3", input=question)  # expect: embedding
    k = Writer().chat.chat(model="palmyra-x5", messages=messages)  # expect: llm, sink(messages), source(model-output)
    granite = ModelInference(model_id="ibm/granite-3-8b-instruct")
    m = granite.generate_text(prompt=question)  # expect: llm, sink(user-prompt), source(model-output)
    n = granite.chat(messages=messages)  # expect: llm, sink(messages), source(model-output)
    o = oci.generative_ai_inference.GenerativeAiInferenceClient({}).chat(question)  # expect: llm, sink(messages), source(model-output)
    p = complete("mistral-large2", question)  # expect: llm, sink(messages), source(model-output)
    q = OpenRouter().chat.send(model="openai/gpt-4o", messages=messages)  # expect: llm, sink(messages), source(model-output)
    r = Reka().chat.create(model="reka-core", messages=messages)  # expect: llm, sink(messages), source(model-output)
    return a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r


def local(question, model, tokenizer):
    a = lmstudio.llm("llama-3.2-1b-instruct").respond(question)  # expect: llm, sink(messages), source(model-output)
    b = generate(model, tokenizer, prompt=question, max_tokens=100)  # expect: llm, sink(user-prompt), source(model-output)
    small = GPT4All("orca-mini-3b.gguf")
    with small.chat_session("You name rivers."):  # expect: sink(system-prompt)
        c = small.generate(question, max_tokens=50)  # expect: llm, sink(user-prompt), source(model-output)
    d = sglang.Engine(model_path="m").generate(question, {"max_new_tokens": 64})  # expect: llm, sink(user-prompt), source(model-output)
    e = TgiClient("http://127.0.0.1:8080").generate(question, max_new_tokens=17)  # expect: llm, sink(messages), source(model-output)
    f = outlines.generate.json(model, dict)(question)  # expect: llm, sink(user-prompt), source(model-output)
    g = LLM("google/flan-t5-base")(question)  # expect: llm, sink(messages), source(model-output)
    h = llm.get_model("gpt-4o-mini").prompt(question, system="You name lakes.")  # expect: llm, sink(system-prompt), sink(user-prompt), source(model-output)
    voyage = voyageai.Client()
    i = voyage.embed([question], model="voyage-3")  # expect: embedding
    j = voyage.count_tokens([question])  # expect: token-count
    k = SentenceTransformer("all-MiniLM-L6-v2").encode(question)  # expect: embedding
    return a, b, c, d, e, f, g, h, i, j, k
