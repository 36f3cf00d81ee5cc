import { defineEventHandler, getHeader, readBody, readValidatedBody } from "h3";

export default defineEventHandler(async (event) => { // expect: entry
  const body = await readBody(event); // expect: source(untrusted)
  const token = getHeader(event, "authorization"); // expect: source(headers)
  const checked = await readValidatedBody(event, (b) => b); // expect: control(request-validation), source(untrusted)
  return { body, checked, known: Boolean(token) };
});
