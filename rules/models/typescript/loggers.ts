import bunyan from "bunyan";
import { consola } from "consola";
import createDebug from "debug";
import log from "loglevel";
import morgan from "morgan";
import pino from "pino";
import pinoHttp from "pino-http";
import { Logger as TsLogger } from "tslog";
import winston from "winston";

const logger = pino({ level: "info" });
const child = logger.child({ part: "chat" });
const files = winston.createLogger({ level: "info" });
const old = bunyan.createLogger({ name: "chat" });
const typed = new TsLogger({ name: "chat" });
const debug = createDebug("chat");

export const requests = [
  morgan("combined"), // expect: control(audit-log)
  pinoHttp({ logger }), // expect: control(audit-log)
];

export function note(userId: string, text: string) {
  logger.info({ userId }, text); // expect: log, sink(log)
  child.error(text); // expect: log, sink(log)
  files.log("info", text); // expect: log, sink(log)
  winston.warn(text); // expect: log, sink(log)
  old.fatal(text); // expect: log, sink(log)
  consola.success(text); // expect: log, sink(log)
  log.debug(text); // expect: log, sink(log)
  typed.silly(text); // expect: log, sink(log)
  debug("said %s", text); // expect: log, sink(log)
  return logger.level;
}
