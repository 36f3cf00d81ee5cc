from string import Template

import chevron
import prompty
from liquid import parse


def fill(name):
    first = Template("Say $name").substitute(name=name)
    second = chevron.render("Say {{name}}", {"name": name})
    third = parse("Say {{name}}").render(name=name)
    return first, second, third, prompty.load("ask.prompty")  # expect: prompt-load
