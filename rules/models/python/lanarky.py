from lanarky.adapters.langchain.responses import StreamingResponse as ChainResponse
from lanarky.responses import StreamingResponse


def old(chain, question):
    return StreamingResponse.from_chain(chain, {"question": question}, media_type="text/event-stream")  # expect: llm, sink(user-prompt)


def new(chain, question):
    return ChainResponse(chain=chain, config={"inputs": {"question": question}})  # expect: llm, sink(user-prompt)


def plain(text):
    return text
