import axios from "axios";
import got from "got";
import ky from "ky";
import fetch from "node-fetch";
import superagent from "superagent";
import { request } from "undici";

const api = axios.create({ baseURL: "https://api.example.com", timeout: 5000 });

export async function load(url: string, token: string) {
  const a = await axios.post("https://api.openai.com/v1/chat/completions", {}, { // expect: http, sink(url), source(retrieved)
    headers: {
      Authorization: `Bearer ${token}`, // expect: sink(credential)
    },
  });
  const b = await axios({ method: "get", url }); // expect: http, sink(url), source(retrieved)
  const c = await api.get("/items"); // expect: http, sink(url), source(retrieved)
  const d = await got.post(url).json(); // expect: http, sink(url), source(retrieved)
  const e = await ky.get(url); // expect: http, sink(url), source(retrieved)
  const f = await fetch(url); // expect: http, sink(url), source(retrieved)
  const g = await request(url, { signal: AbortSignal.timeout(1000) }); // expect: http, sink(url), source(retrieved)
  const h = await superagent.get(url); // expect: http, sink(url), source(retrieved)
  return [a.data, b, c, d, e, f, g, h, axios.isAxiosError(a)];
}
