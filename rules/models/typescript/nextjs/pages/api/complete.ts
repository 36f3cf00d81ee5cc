import type { NextApiRequest, NextApiResponse } from "next";

export default async function handler(req: NextApiRequest, res: NextApiResponse) { // expect: entry
  const { text } = req.body; // expect: source(untrusted)
  const host = req.headers; // expect: source(headers)
  res.status(200).json({ text, host }); // expect: sink(response)
}
