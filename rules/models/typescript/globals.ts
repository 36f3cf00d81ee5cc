export async function ask(request: Request, question: string) {
  console.log("question received", question.length); // expect: log, sink(log)
  window.console.error("slow"); // expect: log, sink(log)
  const body = await request.json(); // expect: source(untrusted)
  const seen = request.headers; // expect: source(headers)
  const raw = request.body; // expect: source(untrusted)
  const reply = await fetch("https://api.example.com/v1/search", { // expect: http, sink(url), source(retrieved)
    method: "POST",
    headers: {
      Authorization: `Bearer ${process.env.SEARCH_KEY}`, // expect: sink(credential), source(secret)
    },
    body: JSON.stringify({ q: question, body, raw }),
    signal: AbortSignal.timeout(5_000),
  });
  const everything = await Promise.all([reply.text(), Promise.resolve(seen)]);
  return Response.json(everything); // expect: sink(response)
}

export function plain(text: string) {
  const count = Number(text) + parseInt(text, 10);
  return new Response(encodeURIComponent(String(count))); // expect: sink(response)
}

export function run(code: string) {
  eval(code); // expect: sink(code-execution)
  const made = new Function("x", code); // expect: sink(code-execution)
  setTimeout(() => made(1), 10);
  return new WebSocket("wss://example.com/feed"); // expect: sink(url), source(retrieved)
}

export function show(html: string) {
  const box = document.getElementById("answer");
  if (box) {
    box.innerHTML = html; // expect: sink(html)
    box.insertAdjacentHTML("beforeend", html); // expect: sink(html)
    box.textContent = html;
  }
  document.write(html); // expect: sink(html)
  const part = document.createRange().createContextualFragment(html); // expect: sink(html)
  const again = new Range().createContextualFragment(html); // expect: sink(html)
  document.body.outerHTML = html; // expect: sink(html)
  return [part, again, location.hash, document.referrer]; // expect: source(untrusted)
}

export function remember(userId: string, draft: string) {
  // A browser's own storage is one person's: nothing in it is shared.
  localStorage.setItem(`draft:${userId}`, draft);
  return sessionStorage.getItem("draft");
}

export function inserted(markup: string) {
  $html(markup); // expect: sink(html)
}
