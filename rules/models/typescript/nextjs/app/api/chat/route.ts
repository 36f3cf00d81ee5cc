import { unstable_cache } from "next/cache";
import { cookies, headers } from "next/headers";
import { after, NextRequest, NextResponse } from "next/server";

const settingsOf = unstable_cache(async (id: string) => ({ id }), ["settings"]); // expect: cache-wrap, sink(cache-key)

export async function POST(request: NextRequest) { // expect: entry
  const { text } = await request.json(); // expect: source(untrusted)
  const agent = (await headers()).get("user-agent"); // expect: source(headers)
  const session = (await cookies()).get("session"); // expect: source(untrusted)
  const theme = request.cookies.get("theme"); // expect: source(untrusted)
  const path = request.nextUrl; // expect: source(untrusted)
  const language = request.headers; // expect: source(headers)
  after(() => settingsOf("1"));
  if (!session) {
    return NextResponse.redirect("/login"); // expect: sink(url)
  }
  return NextResponse.json({ text, agent, theme, path, language }); // expect: sink(response)
}

export const GET = async () => new NextResponse("ok"); // expect: entry, sink(response)

function helper() {
  return 1;
}
