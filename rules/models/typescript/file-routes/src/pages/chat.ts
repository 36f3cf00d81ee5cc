export async function POST({ request }) { // expect: entry
  return request.text(); // expect: source(untrusted)
}
