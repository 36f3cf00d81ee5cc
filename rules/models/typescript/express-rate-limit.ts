import rateLimit, { rateLimit as named } from "express-rate-limit";
import slowDown from "express-slow-down";

export const perAddress = rateLimit({ windowMs: 60_000, max: 20 }); // expect: control(rate-limit)
export const perUser = named({ windowMs: 60_000, limit: 5, keyGenerator: (req) => String(req.headers["x-user"]) }); // expect: control(rate-limit)
export const slower = slowDown({ windowMs: 60_000, delayAfter: 10 }); // expect: control(rate-limit)
