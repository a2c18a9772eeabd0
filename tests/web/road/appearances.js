// Every page and state that is passed is looked at three times: light, dark and 320 px wide. Each
// time axe-core may find nothing, and nothing may stick out sideways; on request a picture is kept.
import AxeBuilder from "@axe-core/playwright";
import { expect } from "@playwright/test";
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PICTURES = process.env.MELDPUNT_PICTURES === "1";
const FOLDER = fileURLToPath(new URL("../../../docs/pictures", import.meta.url));
const MOST_BYTES = 200_000;
/** How much of a long page is shown, in square pixels. */
const MOST_AREA = 1280 * 2_400;
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

const APPEARANCES = [
  { name: "light", colorScheme: "light", width: 1280, height: 800 },
  { name: "dark", colorScheme: "dark", width: 1280, height: 800 },
  { name: "320", colorScheme: "light", width: 320, height: 700 },
];

/** Finds nothing against WCAG 2.2 AA on the page as it stands. */
export async function isAccessible(page, state) {
  const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const told = violations.map(({ id, help, nodes }) =>
    `${id}: ${help}\n${nodes.slice(0, 5).map((node) => `    ${node.html}\n    ${node.failureSummary?.replaceAll("\n", " ")}`).join("\n")}`);
  expect(told, `axe-core on ${state}`).toEqual([]);
}

/** Nothing is wider than the window: no sideways scrolling at 320 px (WCAG 1.4.10). */
async function fitsItsWidth(page, state) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `${state} sticks out sideways, in px`).toBeLessThanOrEqual(0);
}

/** Looks at the page in every appearance; `name` is what its pictures are called, when it has any. */
export async function looksRight(page, state, name) {
  const before = page.viewportSize();
  for (const one of APPEARANCES) {
    await page.emulateMedia({ colorScheme: one.colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width: one.width, height: one.height });
    await isAccessible(page, `${state}, ${one.name}`);
    await fitsItsWidth(page, `${state}, ${one.name}`);
    if (PICTURES && name) await kept(page, `${name}-${one.name}.png`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(before);
}

/** The page, or its beginning when it is very long, as a picture of few colours. */
async function kept(page, file) {
  mkdirSync(FOLDER, { recursive: true });
  const raw = join(tmpdir(), `meldpunt-${process.pid}-${file}`);
  const target = join(FOLDER, file);
  await page.evaluate(() => window.scrollTo(0, 0));
  const [width, whole] = await page.evaluate(() => [window.innerWidth, document.documentElement.scrollHeight]);
  const clip = { x: 0, y: 0, width, height: Math.min(whole, 6_000, Math.floor(MOST_AREA / width)) };
  await page.screenshot({ path: raw, fullPage: true, clip, animations: "disabled" });
  for (const colours of [128, 48, 16]) {
    const palette = `split[a][b];[a]palettegen=max_colors=${colours}:stats_mode=single[p];[b][p]paletteuse=dither=none`;
    const made = spawnSync("ffmpeg", ["-y", "-loglevel", "error", "-i", raw, "-vf", palette, "-frames:v", "1", "-update", "1", target]);
    expect(made.status, `ffmpeg on ${file}: ${made.stderr}`).toBe(0);
    if (statSync(target).size <= MOST_BYTES) break;
  }
  rmSync(raw);
  expect(statSync(target).size, `${file} in bytes`).toBeLessThanOrEqual(MOST_BYTES);
}
