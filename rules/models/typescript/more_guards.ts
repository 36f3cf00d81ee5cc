import { withAuth } from "@workos-inc/authkit-nextjs";
import TelegramBot from "node-telegram-bot-api";
import { middleware as lineMiddleware } from "@line/bot-sdk";
import { Application } from "@microsoft/teams-ai";
import TTLCache from "@isaacs/ttlcache";
import vine from "@vinejs/vine";
import makeWASocket from "@whiskeysockets/baileys";
import { ActivityHandler } from "botbuilder";
import Bottleneck from "bottleneck"; // a throttle of own calls guards nobody
import { Schema } from "effect";
import { rateLimit } from "elysia-rate-limit";
import Eris from "eris";
import ExpressBrute from "express-brute";
import { OAuth2Client } from "google-auth-library";
import memoize from "lodash.memoize";
import { Lucia } from "lucia";
import nextLimit from "next-rate-limit";
import { MatrixClient } from "matrix-bot-sdk";
import { assert, object } from "superstruct";
import { Client as WhatsAppClient } from "whatsapp-web.js";

const limiter = new Bottleneck({ maxConcurrent: 1 });
const brute = new ExpressBrute(null);
const answers = new TTLCache({ ttl: 1000 });
const lucia = new Lucia(null);
const shape = vine.compile(null);
const ask = object({});

export const counted = (request: Request) => nextLimit({ interval: 60_000 }).checkNext(request, 10); // expect: control(rate-limit)
export const paced = rateLimit({ max: 10 }); // expect: control(rate-limit)
export const prevent = brute.prevent;
export const line = lineMiddleware({ channelSecret: "s" }); // expect: control(authentication)
export const spelled = memoize((text: string) => text); // expect: cache-wrap

export async function guard(request: Request, token: string, text: string) {
  const user = await withAuth(); // expect: control(authentication), source(principal)
  const session = await lucia.validateSession(token); // expect: control(authentication), source(principal)
  const ticket = await new OAuth2Client().verifyIdToken({ idToken: token }); // expect: control(authentication), source(principal)
  const body = await request.json(); // expect: source(untrusted)
  assert(body, ask); // expect: control(request-validation)
  const decoded = Schema.decodeUnknownSync(Schema.String)(body); // expect: control(request-validation)
  const checked = await shape.validate(body); // expect: control(request-validation)
  const answer = await limiter.schedule(async () => answers.get(text)); // expect: cache-read, sink(cache-key)
  answers.set(text, answer); // expect: cache-write, sink(cache-key), sink(cache-value)
  return [user, session, ticket, decoded, checked];
}

export function bots() {
  new TelegramBot("t").on("message", (message) => message.text); // expect: entry
  new Application().message("ask", async (context) => context.activity); // expect: entry
  new WhatsAppClient({}).on("message", (message) => message.body); // expect: entry
  makeWASocket({}).ev.on("messages.upsert", (event) => event.messages); // expect: entry
  new MatrixClient("h", "t").on("room.message", (room, event) => event); // expect: entry
  new Eris("t").on("messageCreate", (message) => message.content); // expect: entry
}

export class Teams extends ActivityHandler {
  async onMessageActivity(context: { activity: string }) { // expect: entry
    return context.activity;
  }
}
