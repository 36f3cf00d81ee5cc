import { ServiceBusClient } from "@azure/service-bus";
import { PubSub } from "@google-cloud/pubsub";
import { HatchetClient } from "@hatchet-dev/typescript-sdk";
import { Process } from "@nestjs/bull";
import { WorkerHost } from "@nestjs/bullmq";
import { Cron } from "@nestjs/schedule";
import * as restate from "@restatedev/restate-sdk";
import { Worker } from "@temporalio/worker";
import { verifySignatureAppRouter } from "@upstash/qstash/nextjs";
import { serve } from "@upstash/workflow/nextjs";
import { Agenda } from "agenda";
import amqp from "amqplib";
import Bull from "bull";
import { run } from "graphile-worker";
import mqtt from "mqtt";
import cron from "node-cron";
import PgBoss from "pg-boss";
import { Consumer } from "sqs-consumer";

async function activity(text: string) { // expect: entry
  return text;
}

async function task(payload: unknown) { // expect: entry
  return payload;
}

export async function wire() {
  new Bull("asks").process(async (job) => job.data); // expect: entry
  new Agenda().define("ask", async (job) => job.attrs); // expect: entry
  const connection = await amqp.connect("amqp://localhost");
  const channel = await connection.createChannel();
  channel.consume("asks", (message) => message); // expect: entry
  await Worker.create({ workflowsPath: "w", activities: { activity }, taskQueue: "asks" });
  await run({ taskList: { task } });
  new PgBoss("postgres://localhost").work("asks", async (jobs) => jobs); // expect: entry
  new PubSub().subscription("asks").on("message", (message) => message); // expect: entry
  Consumer.create({ queueUrl: "u", handleMessage: async (message) => message }); // expect: entry
  new ServiceBusClient("c").createReceiver("asks").subscribe({ processMessage: async (message) => message, processError: async () => undefined }); // expect: entry
  mqtt.connect("mqtt://localhost").on("message", (topic, message) => message); // expect: entry
  cron.schedule("0 0 * * *", async () => undefined);
}

export const POST = verifySignatureAppRouter(async (request: Request) => request); // expect: entry
export const flow = serve(async (context) => context.requestPayload); // expect: entry
export const job = HatchetClient.init().task({ name: "ask", fn: async (input) => input }); // expect: entry
export const service = restate.service({ name: "ask", handlers: { ask: async (ctx: unknown, text: string) => text } }); // expect: entry

export class Jobs {
  @Process()
  async handle(job: { data: string }) { // expect: entry
    return job.data;
  }

  @Cron("0 0 * * *")
  async nightly() {
    return null;
  }
}

export class Processor extends WorkerHost {
  async process(job: { data: string }) { // expect: entry
    return job.data;
  }
}
