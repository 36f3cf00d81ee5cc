import bolt from "@slack/bolt";
import { task } from "@trigger.dev/sdk";
import { Worker } from "bullmq";
import { Client } from "discord.js";
import { Inngest } from "inngest";
import { Kafka } from "kafkajs";
import { Server, type Socket } from "socket.io";
import { Telegraf } from "telegraf";
import { WebSocketServer } from "ws";

const io = new Server(3000);
io.use((socket, next) => next());
io.on("connection", (socket) => { // expect: entry
  socket.on("ask", (text: string) => text); // expect: entry
});

export function join(socket: Socket) {
  socket.on("leave", () => "left"); // expect: entry
}

const sockets = new WebSocketServer({ port: 8080 });
sockets.on("connection", (socket) => socket.close()); // expect: entry

const slack = new bolt.App({ token: "placeholder", signingSecret: "placeholder" });
slack.message("hello", async ({ message, say }) => say(String(message))); // expect: entry

const discord = new Client({ intents: [] });
discord.on("messageCreate", async (message) => message.reply("hello")); // expect: entry
discord.login("placeholder");

const bot = new Telegraf("placeholder");
bot.use(async (context, next) => next());
bot.on("text", async (context) => context.reply("hello")); // expect: entry

export const worker = new Worker("answers", async (job) => job.data); // expect: entry

export const daily = new Inngest({ id: "chat" }).createFunction({ id: "daily" }, { event: "ask" }, async ({ event }) => event); // expect: entry

export const later = task({
  id: "later",
  run: async (payload: { text: string }) => payload.text, // expect: entry
});

export async function consume() {
  const consumer = new Kafka({ brokers: [] }).consumer({ groupId: "chat" });
  await consumer.run({
    eachMessage: async ({ message }) => void message, // expect: entry
  });
}
