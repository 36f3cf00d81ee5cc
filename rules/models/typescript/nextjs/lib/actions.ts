"use server";

import { redirect } from "next/navigation";

export async function rename(id: string, title: string) { // expect: entry
  return { id, title: clean(title) };
}

export async function leave(target: string) { // expect: entry
  redirect(target); // expect: sink(url)
}

function clean(title: string) {
  return title.trim();
}
