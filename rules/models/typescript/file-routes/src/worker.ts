export default {
  async fetch(request: { text(): Promise<string> }) { // expect: entry
    return request.text(); // expect: source(untrusted)
  },
};
