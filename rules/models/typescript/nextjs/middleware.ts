import { NextResponse, type NextRequest } from "next/server";

export function middleware(request: NextRequest) {
  return request.nextUrl ? NextResponse.next() : undefined; // expect: source(untrusted)
}
