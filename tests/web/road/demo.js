// The demo as a person starts it: one for all tests of a run, on ports that were free.
import { test as base } from "@playwright/test";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const BINARY = process.env.MELDPUNT_BINARY ?? fileURLToPath(new URL("../../../target/debug/meldpunt", import.meta.url));
const LONGEST_START_MS = 60_000;

/** The address that stands behind these words in the demo's walk-through, without a slash at its end. */
const after = (words, told) => told.match(new RegExp(`${words} +(http://[0-9.:]+)`))?.[1];

async function started(folder) {
  const child = spawn(BINARY, ["demo", "--port", "0", "--folder", folder], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, RUST_LOG: process.env.RUST_LOG ?? "warn" },
  });
  let told = "";
  let complaints = "";
  child.stderr.on("data", (part) => { complaints = (complaints + part).slice(-4_000); });
  await new Promise((ready, failed) => {
    const timer = setTimeout(() => failed(new Error(`the demo did not start in time: ${told}${complaints}`)), LONGEST_START_MS);
    child.stdout.on("data", (part) => {
      told += part;
      if (told.includes("Ctrl-C")) { clearTimeout(timer); ready(); }
    });
    child.on("error", failed);
    child.on("exit", (code) => failed(new Error(`the demo ended with ${code}: ${told}${complaints}`)));
  });
  const demo = {
    child,
    door: after("the public page", told),
    desk: after("the desk", told),
    sites: after("the reported sites", told),
    mail: after("the mail that went", told),
    phones: after("On a telephone,", told),
    password: told.match(/password of all of them: (\S+)/)?.[1],
    complaints: () => complaints,
  };
  for (const [name, value] of Object.entries(demo)) {
    if (value === undefined) throw new Error(`the demo does not say its ${name}: ${told}`);
  }
  return demo;
}

export const test = base.extend({
  demo: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "meldpunt-web-"));
      const demo = await started(folder);
      await use(demo);
      const ended = new Promise((done) => demo.child.once("exit", done));
      demo.child.kill("SIGTERM");
      const slow = setTimeout(() => demo.child.kill("SIGKILL"), 15_000);
      await ended;
      clearTimeout(slow);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker", timeout: LONGEST_START_MS + 20_000 },
  ],
});

export { expect } from "@playwright/test";
