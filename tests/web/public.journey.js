// The public side by itself: without a script, a cookie, storage or another host (T2, IN-5, IN-8).
import { expect, test } from "./road/demo.js";
import { looksRight } from "./road/appearances.js";
import { fate, receiptOn, report } from "./road/letters.js";
import { Recorder } from "./road/recorder.js";

const PAGES = ["/", "/en", "/receipt", "/en/receipt", "/help", "/en/help"];
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};
const PICTURES = { "/en": "public-form", "/en/receipt": "follow", "/en/help": "explanation" };

test.describe("the public side", () => {
  for (const path of PAGES) {
    test(`is accessible at ${path}, light, dark and 320 px wide`, async ({ page, demo }) => {
      await page.goto(demo.door + path);
      await looksRight(page, path, PICTURES[path]);
    });
  }

  test("keeps nothing in the browser and asks no other host for anything", async ({ browser, demo }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const recorder = new Recorder(page);
    for (const path of PAGES) await page.goto(demo.door + path);
    const receipt = await report(page, demo, { words: "A story without an address." });
    await fate(page, demo, receipt);
    expect(recorder.hosts()).toEqual([new URL(demo.door).host]);
    expect(await context.cookies()).toEqual([]);
    expect((await context.storageState()).origins).toEqual([]);
    const kept = await page.evaluate(async () => [
      localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length,
      (await caches.keys()).length, (await navigator.serviceWorker?.getRegistrations() ?? []).length, document.scripts.length,
    ]);
    expect(kept).toEqual([0, 0, "", 0, 0, 0, 0]);
    for (const { url, headers } of recorder.answers) expect(headers, url).not.toHaveProperty("set-cookie");
    await context.close();
  });

  test("sends the strict headers with every page, also with one that is not there", async ({ request, demo }) => {
    for (const path of [...PAGES, "/nothing-here"]) {
      const answer = await request.get(demo.door + path);
      const headers = answer.headers();
      for (const [name, value] of Object.entries(HEADERS)) expect(headers[name], `${name} of ${path}`).toBe(value);
      expect(headers, path).not.toHaveProperty("server");
      expect(headers["permissions-policy"], path).toContain("camera=()");
    }
  });

  test("needs at most 60 kB and no script for the form", async ({ browser, demo }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const recorder = new Recorder(page);
    await page.goto(`${demo.door}/`);
    await page.waitForLoadState("networkidle");
    let bytes = 0;
    for (const { body } of recorder.answers) bytes += (await body).length;
    expect(bytes).toBeLessThanOrEqual(60_000);
    expect(recorder.answers.map(({ request }) => request.resourceType())).not.toContain("script");
    await context.close();
  });

  test("shows faults beside the field and loses nothing that was typed", async ({ page, demo }) => {
    await page.goto(`${demo.door}/en`);
    const addresses = page.getByLabel("At which web address did you see it?");
    await addresses.fill("http://gallery.example/spring\nthis is no address at all");
    await page.getByLabel("What would you like to tell us?").fill("Second row, on the left.");
    await page.getByRole("button", { name: "Send my report" }).click();
    await expect(page.getByRole("heading", { name: "Not sent yet: something is not right" })).toBeVisible();
    await expect(addresses).toHaveAttribute("aria-invalid", "true");
    await expect(addresses).toHaveValue("http://gallery.example/spring\nthis is no address at all");
    await expect(page.getByLabel("What would you like to tell us?")).toHaveValue("Second row, on the left.");
    await looksRight(page, "the form with a fault", "public-fault");
    await page.getByRole("link", { name: /Line 2/ }).click();
    await expect(addresses).toBeFocused();
  });

  test("says when nothing at all was filled in, in Dutch", async ({ page, demo }) => {
    await page.goto(`${demo.door}/`);
    await page.getByRole("button", { name: /meld/i }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
    await looksRight(page, "the empty form in Dutch");
  });

  test("gives a receipt that is accessible in English", async ({ page, demo }) => {
    await report(page, demo, { words: "Another story without an address." });
    await looksRight(page, "the receipt", "receipt");
  });

  test("gives a receipt that is accessible in Dutch, and says what is wrong with a mistyped one", async ({ page, demo }) => {
    await page.goto(`${demo.door}/`);
    await page.locator("#words").fill("Een verhaal zonder adres.");
    await page.getByRole("button", { name: /meld/i }).click();
    const receipt = await receiptOn(page);
    expect(receipt).toMatch(/^[0-9A-Z-]{21,}$/);
    await looksRight(page, "the receipt in Dutch");
    await page.goto(`${demo.door}/receipt`);
    await page.locator("#receipt").fill(receipt.slice(0, -3));
    await page.keyboard.press("Enter");
    await expect(page.locator("#receipt")).toHaveAttribute("aria-invalid", "true");
    await looksRight(page, "a mistyped receipt in Dutch");
    await page.locator("#receipt").fill(receipt.toLowerCase().replaceAll("-", " "));
    await page.keyboard.press("Enter");
    await expect(page.locator("#fate")).toBeVisible();
    await looksRight(page, "the fate of a report in Dutch");
  });

  test("leaves at once, to a neutral page, by the quick exit", async ({ page, demo }) => {
    await page.goto(`${demo.door}/en`);
    const exit = page.getByRole("link", { name: "Leave this site" });
    const href = await exit.getAttribute("href");
    const answer = await page.request.get(new URL(href, demo.door).href, { maxRedirects: 0 });
    expect([302, 303, 307]).toContain(answer.status());
    expect(new URL(answer.headers().location).host).not.toBe(new URL(demo.door).host);
  });

  test("says sorry accessibly for a page that is not there", async ({ page, demo }) => {
    for (const path of ["/nothing-here", "/en/nothing-here"]) {
      await page.goto(demo.door + path);
      await looksRight(page, path);
    }
  });
});
