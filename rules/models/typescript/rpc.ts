import { initTRPC } from "@trpc/server";
import { createSafeActionClient } from "next-safe-action";
import { Ask } from "./schemas";

const t = initTRPC.context<{ user?: string }>().create();
const logged = t.middleware(async ({ next }) => next());
const guarded = t.procedure.use(logged);

export const router = t.router({
  ask: guarded
    .input(Ask) // expect: control(request-validation)
    .mutation(async ({ input }) => input), // expect: entry
  page: t.procedure.query(() => "page"), // expect: entry
});

const client = createSafeActionClient().use(async ({ next }) => next());

export const save = client
  .inputSchema(Ask) // expect: control(request-validation)
  .action(async ({ parsedInput }) => parsedInput); // expect: entry
