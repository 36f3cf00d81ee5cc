import { redirect, type ActionFunctionArgs } from "@remix-run/node";

export async function action({ request }: ActionFunctionArgs) { // expect: entry
  await request.formData(); // expect: source(untrusted)
  return redirect("/done"); // expect: sink(url)
}

export default function Page() {
  return null;
}
