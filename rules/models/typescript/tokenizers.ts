import { encode, isWithinTokenLimit } from "gpt-tokenizer";
import { getEncoding } from "js-tiktoken";

export function size(text: string) {
  const small = isWithinTokenLimit(text, 500); // expect: token-count
  const encoding = getEncoding("cl100k_base");
  const count = encoding.encode(text).length; // expect: token-count
  return [small, count, encode(text).length]; // expect: token-count
}
