import { initTRPC } from "@trpc/server";
import { createSafeActionClient } from "next-safe-action";
import { Ask } from "./schemas";

const t = initTRPC.context<{ user?: string }>().create();
const logged = t.middleware(async ({ next }) => next());
const guarded = t.procedure.use(logged);

export const router = t.router({
  ask: guarded // expect: control(request-validation)
    .input(Ask)
    .mutation(async ({ input }) => input), // expect: entry
  page: t.procedure.query(() => "page"), // expect: entry
});

const client = createSafeActionClient().use(async ({ next }) => next());

export const save = client // expect: control(request-validation)
  .inputSchema(Ask)
  .action(async ({ parsedInput }) => parsedInput); // expect: entry
