import logging

import structlog
from structlog.contextvars import bind_contextvars

log = structlog.get_logger()


def report(user, request_id):
    bind_contextvars(request_id=request_id)  # expect: sink(log)
    bound = log.bind(user=user)  # expect: sink(log)
    bound.info("asked")  # expect: log, sink(log)
    log.log(logging.INFO, "asked")  # expect: log, sink(log)
    structlog.configure(processors=[])
