// The page of a provider's abuse desk, through the signed link in its mail, and what the desk makes of it.
import { expect, test } from "./road/demo.js";
import { done, judgesTheRest, presses, reported, take } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { mail } from "./road/letters.js";
import { goTo, signedIn } from "./road/people.js";

/** One picture of it hangs nowhere else, so that no other journey judged it. */
const SLOW = "http://gallery.example/slow";

/** Approves the contact of the provider, unless another journey did. */
async function approved(desk, demo) {
  const waiting = desk.locator("#waiting-title ~ .table-wrap tbody").getByRole("link").first();
  const told = desk.locator("tbody tr").filter({ hasText: "gallery.example" }).filter({ hasText: "provider told" });
  await expect(async () => {
    await desk.goto(`${demo.desk}/takedowns?presence=`);
    if ((await told.count()) > 0) return;
    await desk.goto(`${demo.desk}/contacts`);
    await waiting.click({ timeout: 500 });
  }).toPass({ timeout: 60_000, intervals: [500, 1_000] });
  const approving = desk.locator("form", { has: desk.getByRole("button", { name: "Approve this contact" }) });
  if ((await approving.count()) === 0) return;
  await approving.getByLabel("Reason").fill("found on its own site");
  await approving.getByRole("button").click();
  await expect(desk.locator(".flash")).toContainText("The contact was approved.");
}

test.describe.configure({ mode: "serial" });

test.describe("a provider", () => {
  const road = {};

  test.afterAll(async () => { await road.bram?.context().close(); });

  test("finds a link to a page of its own in the notice", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: [SLOW] });
    const before = (await mail(demo)).length;
    await take(anna, demo, number);
    // What was judged in another report has its verdict already.
    await presses(anna, "1");
    await judgesTheRest(anna, "5");
    await done(anna);
    await approved(anna, demo);
    await anna.context().close();
    await expect.poll(async () => (await mail(demo)).length, { timeout: 90_000 }).toBe(before + 1);
    road.link = (await mail(demo))[0].text.match(/http:\/\/127\.0\.0\.1:\d+\/p\/\S+/)?.[0];
    expect(road.link).toBeTruthy();
  });

  test("sees there what is still open, without an account, without a script and without a picture", async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const desk = await context.newPage();
    const kinds = [];
    desk.on("response", (answer) => kinds.push(answer.headers()["content-type"] ?? ""));
    const answer = await desk.goto(`${road.link}?lang=en`);
    expect(answer.headers()["referrer-policy"]).toBe("no-referrer");
    expect(answer.headers()["set-cookie"]).toBeUndefined();
    await expect(desk.locator(".their-item")).not.toHaveCount(0);
    await expect(desk.locator(".their-items")).toContainText("http://gallery.example/");
    expect(kinds.filter((kind) => /image\/(jpeg|png|gif|webp)|video/.test(kind))).toEqual([]);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test("is told what is missing when it objects without a word, and the desk hears it when it says why", async ({ browser, page, demo }) => {
    await page.goto(`${road.link}?lang=en`);
    await looksRight(page, "the page of a provider", "provider");
    const first = page.locator(".their-item").first();
    await first.getByRole("checkbox").check();
    await page.getByRole("button", { name: "We object" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
    await expect(page.locator(".their-item").first().getByRole("checkbox")).toBeChecked();
    await looksRight(page, "an objection without words");
    await page.locator("#words").fill("This is our own advertisement for tea.");
    await page.getByRole("button", { name: "We object" }).click();
    await expect(page.locator("[role=status]")).toBeVisible();
    await looksRight(page, "a provider was heard");

    road.bram = await signedIn(browser, demo, "bram");
    await goTo(road.bram, /^From providers/);
    await expect(road.bram.locator("main")).toContainText("our own advertisement for tea");
    await looksRight(road.bram, "what providers said", "responses");
    const card = road.bram.locator("section.card").first();
    await card.getByLabel("Reason").fill("looked at again with a second analyst");
    await card.locator("button[value=dismiss]").click();
    await expect(road.bram.locator("main")).not.toContainText("our own advertisement for tea");
  });

  test("takes its list along as CSV and JSON, which say the same", async ({ request }) => {
    const json = await (await request.get(`${road.link}/items.json`)).json();
    const csv = (await (await request.get(`${road.link}/items.csv`)).text()).trim().split("\r\n");
    expect(csv.length - 1).toBe(json.items.length);
    for (const { address } of json.items) expect(csv.some((line) => line.includes(address)), address).toBe(true);
  });

  test("is refused in both languages with a link that was altered", async ({ page }) => {
    const answer = await page.goto(`${road.link.slice(0, -3)}AAA`);
    expect(answer.status()).toBe(404);
    await looksRight(page, "a link to nothing", "provider-no-link");
  });
});
