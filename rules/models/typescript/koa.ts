import Router from "@koa/router";
import Koa, { type Context } from "koa";
import bodyParser from "koa-bodyparser";

const app = new Koa();
const router = new Router();

router.use(async (ctx, next) => next());

router.post("/chat", async (ctx: Context) => { // expect: entry
  const text = ctx.request.body; // expect: source(untrusted)
  const token = ctx.headers; // expect: source(headers)
  ctx.body = { text, known: Boolean(token) }; // expect: sink(response)
});

router.get("/page", async (ctx) => { // expect: entry
  ctx.body = ctx.query.page; // expect: sink(response), source(untrusted)
});

app.use(bodyParser({ jsonLimit: "16kb" })); // expect: control(input-limit)
app.use(router.routes());
app.listen(3000);
