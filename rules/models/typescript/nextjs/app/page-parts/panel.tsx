export default function Panel() {
  async function save(form: FormData) { // expect: entry
    "use server";
    return form.get("text");
  }
  return <form action={save} />;
}
