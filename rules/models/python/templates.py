from jinja2 import Environment, FileSystemLoader, Template
from jinja2.sandbox import SandboxedEnvironment

environment = Environment(loader=FileSystemLoader("prompts"), autoescape=False)


def render(text, question):
    first = Template(text).render(question=question)  # expect: sink(code-execution)
    second = environment.get_template("answer.j2").render(question=question)  # expect: prompt-load, sink(file-path), sink(html)
    third = environment.from_string(text).render()  # expect: sink(code-execution)
    fourth = SandboxedEnvironment().from_string("{{ question }}").render(question=question)
    return first, second, third, fourth
