from loguru import logger

logger.add("app.log", rotation="10 MB")


def report(user, request_id):
    logger.info("user {}", user)  # expect: log, sink(log)
    logger.bind(request=request_id).warning("slow")  # expect: log, sink(log)
    logger.opt(lazy=True).debug("user {}", user)  # expect: log, sink(log)
    logger.log("NOTICE", "user {}", user)  # expect: log, sink(log)
