import logging
import sys
import warnings
from pprint import pprint

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)


def report(user, error):
    logger.info("user %s", user)  # expect: log, sink(log)
    logging.warning("user %s", user)  # expect: log, sink(log)
    logger.log(logging.INFO, "user %s", user)  # expect: log, sink(log)
    logger.getChild("audit").exception(error)  # expect: log, sink(log)
    warnings.warn(f"user {user}")  # expect: log, sink(log)
    sys.stderr.write(user)  # expect: log, sink(log)
    pprint(user)  # expect: log, sink(log)
    logger.setLevel(logging.DEBUG)
