import click
import logbook
from absl import logging as absl_logging
from eliot import log_message
from icecream import ic
from rich.console import Console

log = logbook.Logger("app")
console = Console()


def report(text):
    log.info(text)  # expect: log, sink(log)
    absl_logging.info(text)  # expect: log, sink(log)
    console.print(text)  # expect: log, sink(log)
    click.echo(text)  # expect: log, sink(log)
    ic(text)  # expect: log, sink(log)
    log_message(message_type="ask", text=text)  # expect: log, sink(log)
