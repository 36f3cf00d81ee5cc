export const actions = {
  ask: async ({ request }) => request.formData(), // expect: entry
};

export async function load({ params }) { // expect: entry
  return { id: params.id };
}
