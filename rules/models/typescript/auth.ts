import { withApiAuthRequired } from "@auth0/nextjs-auth0";
import { authMiddleware } from "@clerk/nextjs";
import { auth as clerkAuth, clerkMiddleware } from "@clerk/nextjs/server";
import { getKindeServerSession } from "@kinde-oss/kinde-auth-nextjs/server";
import { createClient } from "@supabase/supabase-js";
import { betterAuth } from "better-auth";
import { expressjwt } from "express-jwt";
import { getAuth } from "firebase-admin/auth";
import { getIronSession } from "iron-session";
import { jwtVerify } from "jose";
import jwt from "jsonwebtoken";
import NextAuth, { getServerSession } from "next-auth";
import { withAuth } from "next-auth/middleware";
import passport from "passport";

export const { handlers, auth } = NextAuth({ providers: [] });
const supabase = createClient("https://example.supabase.co", "placeholder"); // expect: sink(row-security)
const better = betterAuth({});

export const middleware = clerkMiddleware(); // expect: control(authentication)
export const guards = [
  passport.authenticate("jwt", { session: false }), // expect: control(authentication)
  expressjwt({ secret: "placeholder", algorithms: ["HS256"] }), // expect: control(authentication)
  withApiAuthRequired(async () => undefined), // expect: control(authentication)
  withAuth({ pages: {} }), // expect: control(authentication)
];

export async function caller(token: string, key: Uint8Array, headers: Headers) {
  const a = await auth(); // expect: control(authentication), source(principal)
  const b = await getServerSession(); // expect: control(authentication), source(principal)
  const c = await clerkAuth(); // expect: control(authentication), source(principal)
  const d = await supabase.auth.getUser(); // expect: control(authentication), source(principal)
  const e = await better.api.getSession({ headers }); // expect: control(authentication), source(principal)
  const f = jwt.verify(token, "placeholder"); // expect: control(authentication), source(principal)
  const g = await jwtVerify(token, key); // expect: control(authentication), source(principal)
  const h = await getAuth().verifyIdToken(token); // expect: control(authentication), source(principal)
  const i = await getKindeServerSession().getUser(); // expect: control(authentication), source(principal)
  const j = await getIronSession({} as never, {} as never, {} as never); // expect: control(authentication), source(principal)
  return [a, b, c, d, e, f, g, h, i, j, jwt.decode(token)];
}

export async function notes(userId: string, vector: number[], text: string) {
  const rows = await supabase.from("notes").select("*").eq("user_id", userId); // expect: lookup, sink(retrieval-filter), source(retrieved)
  const found = await supabase.from("notes").select("*").textSearch("body", text); // expect: retrieval, sink(retrieval-query), source(retrieved)
  const near = await supabase.rpc("match_notes", { // expect: retrieval, sink(retrieval-filter), source(retrieved)
    query_embedding: vector, // expect: sink(retrieval-query)
    filter: { user_id: userId }, // expect: sink(retrieval-filter)
  });
  return [rows, found, near];
}

export const old = authMiddleware({ publicRoutes: ["/"] }); // expect: control(authentication)
