// Makes npm packages out of built programs: one for each system, and `launchlint`, which depends on them all.
//
// usage: node build.mjs VERSION OUT [PLATFORM-ARCH=PROGRAM ...]      such as linux-x64=target/release/launchlint

import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const [version, out, ...programs] = process.argv.slice(2);
const known = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];

if (!/^\d+\.\d+\.\d+/.test(version ?? "") || !out) {
  console.error("usage: node build.mjs VERSION OUT [PLATFORM-ARCH=PROGRAM ...]");
  process.exit(2);
}

const common = {
  version,
  license: "MIT OR Apache-2.0",
  description: "Is this LLM feature ready to ship? Audits a repository against a launch checklist",
};

function write(folder, manifest) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2) + "\n");
  for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(join(root, license), join(folder, license));
}

for (const pair of programs) {
  const [system, program] = pair.split("=");
  if (!known.includes(system) || !program) {
    console.error(`${pair}: expected one of ${known.join(", ")}, then = and a program`);
    process.exit(2);
  }
  const [os, cpu] = system.split("-");
  const name = `launchlint-${system}`;
  const file = os === "win32" ? "launchlint.exe" : "launchlint";
  write(join(out, name), { name, ...common, os: [os], cpu: [cpu], files: [file], preferUnplugged: true });
  copyFileSync(program, join(out, name, file));
  chmodSync(join(out, name, file), 0o755);
}

const main = join(out, "launchlint");
write(main, {
  name: "launchlint",
  ...common,
  keywords: ["llm", "security", "static-analysis", "sarif", "lint"],
  bin: { launchlint: "launchlint.js" },
  files: ["launchlint.js"],
  engines: { node: ">=18" },
  optionalDependencies: Object.fromEntries(known.map((system) => [`launchlint-${system}`, version])),
});
copyFileSync(join(here, "launchlint.js"), join(main, "launchlint.js"));
chmodSync(join(main, "launchlint.js"), 0o755);
writeFileSync(join(main, "README.md"), readFileSync(join(root, "README.md")));
