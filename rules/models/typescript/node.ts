import nodemailer from "nodemailer";
import puppeteer from "puppeteer";
import Stripe from "stripe";
import { exec, spawn } from "node:child_process";
import fs from "node:fs";
import { readFile } from "fs/promises";
import http, { createServer, type IncomingMessage } from "node:http";
import https from "https";
import path from "node:path";
import process from "node:process";
import util from "node:util";
import v8 from "node:v8";
import vm from "node:vm";

export const run = util.promisify(exec);

export async function work(command: string, name: string, code: string) {
  exec(command); // expect: sink(shell)
  spawn("git", ["log", name]); // expect: sink(shell)
  fs.writeFileSync(name, "x"); // expect: sink(file-path)
  const text = await readFile(path.join("/srv", name), "utf8"); // expect: sink(file-path)
  const safe = fs.readFileSync(path.basename(name)); // expect: sink(file-path)
  vm.runInNewContext(code); // expect: sink(code-execution)
  v8.deserialize(safe); // expect: sink(deserialization)
  https.get("https://example.com/feed"); // expect: http, sink(url)
  return [text, process.env.API_TOKEN]; // expect: source(secret)
}

const server = createServer((request: IncomingMessage, response) => { // expect: entry
  response.end(String(Boolean(request.headers.cookie))); // expect: source(headers)
});
server.on("error", () => undefined);
export const methods = http.METHODS;

export async function outside(html: string, url: string) {
  await nodemailer.createTransport({ host: "mail.internal" }).sendMail({ to: "team@shop.test", html }); // expect: sink(html)
  await new Stripe("").refunds.create({ charge: url });
  const browser = await puppeteer.launch();
  const page = await browser.newPage();
  await page.goto(url); // expect: sink(url)
}
