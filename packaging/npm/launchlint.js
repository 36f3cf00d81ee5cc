#!/usr/bin/env node
// Starts the program that the package for this system brings.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `launchlint-${process.platform}-${process.arch}`;
const program = process.platform === "win32" ? "launchlint.exe" : "launchlint";

let path;
try {
  path = require.resolve(`${name}/${program}`);
} catch {
  console.error(`launchlint: the package ${name} is not installed: there is none for this system, or optional packages`);
  console.error("were left out. Install with optional packages, or build it with `cargo install --locked launchlint`.");
  process.exit(2);
}
const done = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
if (done.error) {
  console.error(`launchlint: ${done.error.message}`);
  process.exit(2);
}
if (done.signal) {
  process.kill(process.pid, done.signal);
} else {
  process.exit(done.status);
}
