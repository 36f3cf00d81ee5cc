export const actions = {
  ask: async ({ request }) => request.formData(), // expect: entry, source(untrusted)
};

export async function load(event) { // expect: entry
  return { id: event.params.id }; // expect: source(untrusted)
}
