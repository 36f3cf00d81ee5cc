import { createServer as restify } from "restify";
import { ApolloServer } from "@apollo/server";
import { app as azure } from "@azure/functions";
import * as gcf from "@google-cloud/functions-framework";
import Hapi from "@hapi/hapi";
import middy from "@middy/core";
import { Application, Router } from "@oak/oak";
import { os } from "@orpc/server";
import { createMcpHandler } from "mcp-handler";
import { action } from "./_generated/server";
import { Elysia } from "elysia";
import { api } from "encore.dev/api";
import { FastMCP } from "fastmcp";
import { onTaskDispatched } from "firebase-functions/v2/tasks";
import { onCall } from "firebase-functions/v2/https";
import micro from "micro";
import polka from "polka";
import { Post, Route } from "tsoa";
import { Mutation, Resolver } from "type-graphql";

function guard(...rest: unknown[]) {
  return rest;
}

export const elysia = new Elysia().use(guard).post("/ask", ({ body }) => body); // expect: entry
const hapi = Hapi.server({ port: 3000 });
hapi.auth.default("session");
hapi.route({ method: "POST", path: "/ask", handler: (request) => request.payload }); // expect: entry
const rest = restify();
rest.use(guard);
rest.post("/ask", (req, res) => res.send(req.body)); // expect: entry
polka().use(guard).post("/ask", (req, res) => res.end(req.body)); // expect: entry
export const tiny = micro(async (req) => req); // expect: entry
azure.http("ask", { methods: ["POST"], handler: async (request) => request.json() }); // expect: entry
azure.storageQueue("asks", { queueName: "asks", handler: async (message) => message }); // expect: entry
export const call = onCall((request) => request.data); // expect: entry
export const tasks = onTaskDispatched(async (request) => request.data); // expect: entry
gcf.http("ask", (req, res) => res.send(req.body)); // expect: entry
gcf.cloudEvent("asks", (event) => event); // expect: entry
export const ask = action({ args: {}, handler: async (ctx, args) => args }); // expect: entry
Deno.serve(async (request: Request) => new Response(await request.text())); // expect: entry, sink(response), source(untrusted)
Bun.serve({ fetch: async (request: Request) => new Response(await request.text()) }); // expect: entry, sink(response), source(untrusted)
const router = new Router();
router.post("/ask", (ctx) => ctx.request); // expect: entry
new Application().use(guard);
export const graph = new ApolloServer({
  typeDefs: "",
  resolvers: {
    Query: { ask: (parent: unknown, args: { text: string }) => args.text }, // expect: entry
  },
});

@Resolver()
export class Asks {
  @Mutation(() => String)
  ask(text: string) { // expect: entry
    return text;
  }
}

@Route("ask")
export class AskController {
  @Post("ask")
  public ask(text: string) { // expect: entry
    return text;
  }
}

export const procedure = os.use(guard).input({}).handler(async ({ input }) => input); // expect: entry
export const encoreAsk = api({ method: "POST", path: "/ask" }, async (body: { text: string }) => body); // expect: entry
new FastMCP({ name: "notes", version: "1.0.0" }).addTool({ name: "add", execute: async (args) => args }); // expect: entry
export const mcp = createMcpHandler((server) => {
  server.tool("echo", "Echoes.", {}, async ({ text }) => text); // expect: entry
});
export const wrapped = middy(async (event: unknown) => event).use(guard);
