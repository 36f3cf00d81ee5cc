import { json, redirect } from "@sveltejs/kit";

export async function POST({ request, locals }) { // expect: entry
  if (!locals.user) {
    redirect(303, "/login"); // expect: sink(url)
  }
  const body = await request.json(); // expect: source(untrusted)
  return json({ body }); // expect: sink(response)
}
