import json

import boto3
from botocore.config import Config

runtime = boto3.client("bedrock-runtime", config=Config(read_timeout=30, retries={"max_attempts": 2}))
agents = boto3.Session().client("bedrock-agent-runtime", aws_session_token=load_token())  # expect: sink(credential)
secrets = boto3.client("secretsmanager")
comprehend = boto3.client("comprehend")


def answer(question, session):
    first = runtime.converse(  # expect: llm, source(model-output)
        modelId="anthropic.claude-3-5-sonnet-20241022-v2:0",
        system=[{"text": "You answer briefly."}],  # expect: sink(system-prompt)
        messages=[{"role": "user", "content": [{"text": question}]}],  # expect: sink(messages)
        inferenceConfig={"maxTokens": 300},
    )
    second = runtime.invoke_model(  # expect: llm, source(model-output)
        modelId="anthropic.claude-3-haiku-20240307-v1:0",
        body=json.dumps({"max_tokens": 100, "messages": [{"role": "user", "content": question}]}),  # expect: sink(messages)
    )
    third = agents.invoke_agent(  # expect: llm, source(model-output)
        agentId="A",
        sessionId=session,
        inputText=question,  # expect: sink(user-prompt)
    )
    fourth = agents.retrieve_and_generate(input={"text": question})  # expect: llm, sink(user-prompt), source(model-output)
    fifth = agents.retrieve(  # expect: retrieval, source(retrieved)
        knowledgeBaseId="K",
        retrievalQuery={"text": question},  # expect: sink(retrieval-query)
        retrievalConfiguration={"vectorSearchConfiguration": {"filter": {}}},  # expect: sink(retrieval-filter)
    )
    checked = runtime.apply_guardrail(source="OUTPUT", content=[])  # expect: control(output-check)
    comprehend.detect_pii_entities(Text=question, LanguageCode="en")  # expect: control(pii-redaction)
    secrets.get_secret_value(SecretId="db")  # expect: source(secret)
    secrets.list_secrets()
    return first, second, third, fourth, fifth, checked


def embed_text(text):
    found = runtime.invoke_model(  # expect: source(model-output)
        modelId="amazon.titan-embed-text-v2:0",
        body=json.dumps({"inputText": text}),  # expect: sink(messages)
    )
    return found
