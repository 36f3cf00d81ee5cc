import boto3
from alt_profanity_check import predict
from better_profanity import profanity
from detoxify import Detoxify
from gliner import GLiNER
from guardrails import GuardrailsOpenAI
from html_sanitizer import Sanitizer
from llamafirewall import LlamaFirewall


def check(text):
    LlamaFirewall().scan(text)  # expect: control(output-check)
    Detoxify("original").predict(text)  # expect: control(output-check), moderation
    predict([text])  # expect: control(output-check), moderation
    profanity.censor(text)  # expect: control(output-check)
    boto3.client("comprehend").detect_pii_entities(Text=text, LanguageCode="en")  # expect: control(pii-redaction)
    GLiNER.from_pretrained("urchade/gliner_multi_pii-v1").predict_entities(text, ["person"])  # expect: control(pii-redaction)
    return Sanitizer().sanitize(text)


def ask(question):
    client = GuardrailsOpenAI(config="guardrails.json")
    return client.chat.completions.create(  # expect: llm, source(model-output)
        model="gpt-4o-mini",
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
