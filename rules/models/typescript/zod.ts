import { z } from "zod";
import * as mini from "zod/mini";

const Body = z
  .object({
    text: z.string().min(1).max(2000), // expect: control(input-limit)
    tags: z.array(z.string()).max(5).optional(), // expect: control(input-limit)
    count: z.coerce.number().max(10),
  })
  .strict();
const Title = mini.string().check(mini.maxLength(80)); // expect: control(input-limit)

export function read(input: unknown) {
  const body = Body.parse(input); // expect: control(request-validation)
  const title = Title.safeParse(input); // expect: control(request-validation)
  return { body, title, shape: Body.shape };
}

export const Choice = z.object({ page: z.enum(["install", "use"]) });
