import bleach
import markdown
import scrubadub
import tiktoken
from azure.ai.contentsafety import ContentSafetyClient
from e2b_code_interpreter import Sandbox
from guardrails import Guard
from llm_guard import scan_output
from nemoguardrails import LLMRails, RailsConfig
from presidio_analyzer import AnalyzerEngine
from presidio_anonymizer import AnonymizerEngine

guard = Guard.for_pydantic(output_class=Answer)
rails = LLMRails(RailsConfig.from_path("config"))
analyzer = AnalyzerEngine()
anonymizer = AnonymizerEngine()
safety = ContentSafetyClient("https://example.com", CREDENTIAL)


def check(prompt, text):
    guard.validate(text)  # expect: control(output-check)
    guard(model="gpt-4o", messages=[{"role": "user", "content": prompt}], max_tokens=100)  # expect: llm, control(output-check), sink(messages), source(model-output)
    scan_output(SCANNERS, prompt, text)  # expect: control(output-check)
    safety.analyze_text(text)  # expect: control(output-check)
    found = analyzer.analyze(text=text, language="en")  # expect: control(pii-redaction)
    hidden = anonymizer.anonymize(text=text, analyzer_results=found)  # expect: control(pii-redaction)
    return hidden, scrubadub.clean(text)  # expect: control(pii-redaction)


def other(question, code):
    size = len(tiktoken.get_encoding("cl100k_base").encode(question))  # expect: token-count
    page = bleach.clean(markdown.markdown(question))
    with Sandbox() as box:
        box.run_code(code)  # expect: control(sandbox)
    return size, page, rails.generate(  # expect: llm, control(output-check), source(model-output)
        messages=[{"role": "user", "content": question}],  # expect: sink(messages)
    )
