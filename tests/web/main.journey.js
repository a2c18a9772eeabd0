// The main road, as people walk it: from the public form to the figure. The tests of this file stand
// on each other and share their browsers.
import { readFile } from "node:fs/promises";
import { expect, test } from "./road/demo.js";
import { done, notIllegal, presses, row, toJudge, visited, waiting } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { fate, mail, report } from "./road/letters.js";
import { goTo, signedIn } from "./road/people.js";
import { Recorder } from "./road/recorder.js";
import { digest, inside, picture, provider } from "./road/sites.js";

const PAGE = "http://gallery.example/spring";
/** The pictures of the page that have an address of their own. */
const FILES = [
  "meadow.jpg", "meadow-large.jpg", "bubbles.jpg", "ribbons.png", "waves.jpg", "waves.webp",
  "card-hello.png", "rings.jpg", "mosaic.png", "star.png", "arrow.png",
];
/** One more lies in the page itself. */
const STAMP = "the stamp inside the page";

test.describe.configure({ mode: "serial" });

test.describe("from the public form to the figure", () => {
  const road = {};

  test.beforeAll(async ({ demo }) => {
    const read = async (file) => [file, await picture(demo, "gallery.example", file)];
    road.originals = new Map(await Promise.all(FILES.map(read)));
    const [stamp] = await inside(demo, "gallery.example", "/spring");
    road.originals.set(STAMP, stamp);
  });

  test.afterAll(async () => {
    for (const one of [road.sender, road.reader, road.anna, road.bram]) await one?.context().close();
  });

  test("a member of the public reports a page, without a script and on a narrow screen", async ({ browser, demo }) => {
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
    road.sender = await context.newPage();
    road.receipt = await report(road.sender, demo, {
      addresses: [PAGE], where: "An advertisement in a game", words: "The second drawing from the top.",
    });
    expect(road.receipt).toMatch(/^[0-9A-Z]+(-[0-9A-Z]+)+$/);
    road.reader = await (await browser.newContext()).newPage();
  });

  test("the code says that the report was received", async ({ demo }) => {
    expect(await fate(road.sender, demo, road.receipt)).toBe("Received");
    await fate(road.reader, demo, road.receipt);
    await looksRight(road.reader, "a report that was received", "fate-received");
  });

  test("the report stands in the queue and its page is visited", async ({ browser, demo }) => {
    road.anna = await signedIn(browser, demo, "anna");
    road.recorder = new Recorder(road.anna);
    [road.number] = await waiting(road.anna, demo, 1);
    await visited(road.anna, demo, road.number);
    await expect(row(road.anna, road.number)).toContainText("captured");
    await looksRight(road.anna, "the queue", "queue");
  });

  test("an analyst takes it and sees every image by itself, veiled and grey", async () => {
    const { anna, recorder } = road;
    await anna.keyboard.press("t");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText(road.number);
    await expect(anna.getByText("The second drawing from the top.")).toBeVisible();
    await expect(anna.locator(".tile")).not.toHaveCount(0);
    expect(await anna.locator(".tile").count()).toBeGreaterThanOrEqual(8);
    await looksRight(anna, "a report", "report");
    for (const link of await anna.locator(".tile").all()) await link.scrollIntoViewIfNeeded();
    await anna.waitForLoadState("networkidle");
    const coloured = await anna.evaluate(async () => {
      const found = [];
      for (const image of document.querySelectorAll("#main img")) {
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const pen = canvas.getContext("2d");
        pen.drawImage(image, 0, 0);
        const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
        for (let at = 0; at < data.length; at += 4) {
          const spread = Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]);
          if (spread > 8) { found.push(image.getAttribute("src")); break; }
        }
      }
      return found;
    });
    expect(coloured, "images that are not grey").toEqual([]);
    for (const [file, bytes] of road.originals) {
      expect(await recorder.carriersOf(bytes), `${file} before any reveal`).toEqual([]);
    }
  });

  test("the original leaves the server only after a reveal, once, and is on the screen only while it is held", async ({ demo }) => {
    const { anna, recorder, originals } = road;
    const stage = anna.locator("#stage");
    const fetched = anna.waitForResponse((answer) => answer.url().includes("/revealed/"));
    await anna.keyboard.down("r");
    const answer = await fetched;
    const shown = await answer.body();
    expect([...originals.values()].some((bytes) => bytes.equals(shown))).toBe(true);
    expect(answer.headers()["cache-control"]).toBe("no-store");
    await expect(stage.locator("img[data-original]")).toBeVisible();
    await looksRight(anna, "a revealed image");
    await anna.keyboard.up("r");
    await expect(stage.locator("img[data-original]")).toHaveCount(0);
    await expect(stage.locator("[data-veiled]")).toBeVisible();

    await stage.locator("[data-hold]").hover();
    await anna.mouse.down();
    await expect(stage.locator("img[data-original]")).toBeVisible();
    await anna.keyboard.press("Escape");
    await expect(anna.locator("#veil")).toBeVisible();
    await expect(anna.locator("img[data-original]")).toHaveCount(0);
    await anna.mouse.up();
    await anna.keyboard.press("Enter");
    await expect(anna.locator("#veil")).toBeHidden();

    const again = await anna.evaluate((address) => new Promise((ended) => {
      const image = new Image();
      image.onload = () => ended("shown");
      image.onerror = () => ended("refused");
      image.src = address;
    }), answer.url());
    expect(again, "a token opens once").toBe("refused");
    for (const [file, bytes] of originals) {
      const carriers = await recorder.carriersOf(bytes);
      expect(carriers.filter((url) => !url.startsWith(`${demo.desk}/revealed/`)), file).toEqual([]);
    }
  });

  test("each image is judged with a key, and a judgement can be taken back", async () => {
    const { anna } = road;
    const all = await toJudge(anna);
    road.illegal = [await shownAddress(anna)];
    await presses(anna, "1");
    expect(await toJudge(anna)).toBeLessThan(all);
    await presses(anna, "u");
    expect(await shownAddress(anna)).toBe(road.illegal[0]);
    await expect.poll(() => toJudge(anna)).toBe(all);
    await presses(anna, "1");
    road.illegal.push(await shownAddress(anna));
    // The larger picture of the same source set is the same picture: one tile and one look, but an address of its own.
    if (road.illegal.some((address) => address.endsWith("/meadow.jpg"))) road.illegal.push("http://gallery.example/pictures/meadow-large.jpg");
    await presses(anna, "2");
    await anna.keyboard.press("3");
    await expect(anna.locator("#work")).toContainText("Why not illegal");
    await looksRight(anna, "asking why it is not illegal", "report-why");
    await presses(anna, "l");
    await expect(anna.getByRole("button", { name: "Done" })).toBeDisabled();
    await notIllegal(anna, "v");
    await presses(anna, "4");
    while ((await toJudge(anna)) > 0) await presses(anna, "5");
    await expect(anna.locator("#work-title")).toHaveText("Everything is judged");
    await looksRight(anna, "a report with everything judged", "report-judged");
  });

  test("Done closes the report, and the illegal images wait for the contact of their provider", async ({ demo }) => {
    const { anna } = road;
    await done(anna);
    await expect(anna.locator(".empty")).toBeVisible();
    await looksRight(anna, "the empty queue", "queue-empty");
    await expect(async () => {
      await anna.goto(`${demo.desk}/takedowns`);
      await expect(anna.locator("tbody")).toContainText("waits for a contact", { timeout: 200 });
    }).toPass({ timeout: 30_000 });
    for (const address of road.illegal) await expect(anna.locator("tbody")).toContainText(address);
    await looksRight(anna, "the takedowns", "takedowns");
    expect(await mail(demo)).toEqual([]);
  });

  test("a senior analyst approves the contact, once", async ({ browser, demo }) => {
    road.bram = await signedIn(browser, demo, "bram");
    const { bram } = road;
    await goTo(bram, /^Contacts/);
    await looksRight(bram, "the contacts", "contacts");
    await bram.locator("tbody").first().getByRole("link").first().click();
    await looksRight(bram, "a contact to be approved", "contact");
    const approving = bram.locator("form", { has: bram.getByRole("button", { name: "Approve this contact" }) });
    await approving.getByLabel("Reason").fill("it stands on the site of the provider");
    await approving.getByRole("button").click();
    await expect(bram.locator(".flash")).toContainText("The contact was approved.");
  });

  test("the notice is in the mail, with the exact addresses, the server, the time in UTC and the hashes", async ({ page, demo }) => {
    await expect.poll(async () => (await mail(demo)).length, { timeout: 60_000 }).toBe(1);
    const [letter] = await mail(demo);
    expect(letter.text).toContain(PAGE);
    expect(letter.text).toContain("192.0.2.10:80");
    expect(letter.text).toMatch(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(UTC\)/);
    expect(letter.reply_to).toContain("antwoord@meldpunt.example");
    const named = [...letter.text.matchAll(/^ *\d+\. (http\S+)/gm)].map(([, address]) => address);
    expect(named.sort()).toEqual([...road.illegal].sort());
    for (const address of road.illegal) {
      const bytes = road.originals.get(address === PAGE ? STAMP : new URL(address).pathname.split("/").at(-1));
      for (const algorithm of ["sha256", "sha1", "md5"]) expect(letter.text).toContain(digest(algorithm, bytes));
    }
    for (const bytes of road.originals.values()) {
      expect(letter.text).not.toContain(bytes.subarray(0, 48).toString("base64").slice(0, 40));
    }
    expect(letter.attachments.map(({ media_type: kind }) => kind)).not.toContainEqual(expect.stringContaining("image"));
    await page.goto(`${demo.mail}/?still=true`);
    await looksRight(page, "the mail catcher", "mail");
  });

  test("the desk shows the notice as accepted, and the code says that the report was passed on", async ({ demo }) => {
    const { bram } = road;
    await expect(async () => {
      await bram.goto(`${demo.desk}/notices`);
      await expect(bram.locator("tbody .chip")).toHaveText("accepted", { timeout: 200 });
    }).toPass({ timeout: 30_000 });
    await looksRight(bram, "the notices", "notices");
    await bram.locator("tbody").getByRole("link").first().click();
    for (const address of road.illegal) await expect(bram.locator("pre")).toContainText(address);
    await looksRight(bram, "a notice", "notice");
    await expect.poll(() => fate(road.sender, demo, road.receipt), { timeout: 30_000 }).toBe("Passed on");
  });

  test("the provider removes the page; after three checks the images are removed and the code says so", async ({ page, demo }) => {
    const { bram } = road;
    await provider(page, demo, "Provider removes this page", "gallery.example/spring");
    await looksRight(page, "the buttons of the provider", "demo-sites");
    await expect(async () => {
      await bram.goto(`${demo.desk}/takedowns?presence=gone`);
      expect(await bram.locator("tbody tr").count()).toBe(road.illegal.length);
    }).toPass({ timeout: 120_000, intervals: [1_000, 2_000] });
    await bram.locator("tbody").getByRole("link").first().click();
    const absences = bram.locator("#checks-title ~ .table-wrap tbody .chip", { hasText: "gone" });
    expect(await absences.count()).toBeGreaterThanOrEqual(3);
    await looksRight(bram, "a takedown", "takedown");
    await expect.poll(() => fate(road.sender, demo, road.receipt), { timeout: 30_000 }).toBe("Removed");
    await fate(road.reader, demo, road.receipt);
    await looksRight(road.reader, "a report whose images are removed", "fate-removed");
  });

  test("put back, they are open again and the provider is told once more", async ({ page, demo }) => {
    const { bram } = road;
    await provider(page, demo, "Put back", "gallery.example/spring");
    await expect(async () => {
      await bram.goto(`${demo.desk}/takedowns`);
      expect(await bram.locator("tbody tr").count()).toBe(road.illegal.length);
    }).toPass({ timeout: 120_000, intervals: [1_000, 2_000] });
    await bram.locator("tbody").getByRole("link").first().click();
    await expect(bram.locator("dl.facts")).toContainText("Came back");
    await expect.poll(async () => (await mail(demo)).length, { timeout: 60_000 }).toBe(2);
    await expect(async () => {
      await bram.goto(`${demo.desk}/notices`);
      await expect(bram.locator("tbody .chip")).toHaveText(["accepted", "accepted"], { timeout: 200 });
    }).toPass({ timeout: 30_000 });
  });

  test("the figures count it; page, CSV and JSON agree", async ({ browser, demo }) => {
    const cijfers = await signedIn(browser, demo, "cijfers");
    const shown = async (key) => (await cijfers.locator(`#figure-${key} .stat-number`).innerText()).trim();
    expect(await shown("reports")).toBe("1");
    expect(await shown("addresses")).toBe("1");
    expect(Number(await shown("items-illegal"))).toBe(road.illegal.length);
    expect(Number(await shown("items-judged"))).toBeGreaterThanOrEqual(8);
    expect(await shown("notices")).toBe("2");
    expect(Number(await shown("removed"))).toBe(road.illegal.length);
    await looksRight(cijfers, "the figures", "figures");
    const taken = async (format) => {
      const download = cijfers.waitForEvent("download");
      await cijfers.getByRole("button", { name: format }).click();
      return readFile(await (await download).path(), "utf8");
    };
    const lines = (await taken("CSV")).trim().split("\r\n").map((line) => line.split(","));
    const { figures } = JSON.parse(await taken("JSON"));
    const totals = lines.slice(1).filter((cells) => cells.at(-5) === "");
    // A year the ledger did not count has no total in the file: nought would be a claim.
    const counted = figures.filter(({ value, published }) => typeof value === "number" && !published);
    expect(counted.length).toBeGreaterThanOrEqual(6);
    expect(totals.map(([key]) => key)).toEqual(counted.map(({ key }) => key));
    for (const { key, value, unit } of counted) {
      expect(unit, key).toBeTruthy();
      expect(Number(totals.find(([first]) => first === key).at(-2)), key).toBe(value);
    }
    for (const key of ["reports", "addresses", "items-judged", "items-illegal", "notices", "removed"]) {
      expect(await shown(key), key).toBe(totals.find(([first]) => first === key).at(-2));
    }
    await cijfers.context().close();
  });

  test("the ledger tells all of it, also each look at material, and its chain is whole", async ({ browser, demo }) => {
    const auditor = await signedIn(browser, demo, "auditor");
    await looksRight(auditor, "the ledger", "ledger");
    await auditor.getByRole("button", { name: "Verify the chain" }).click();
    await expect(auditor.locator("#verdict")).toContainText("The chain is whole");
    await expect(auditor.locator("#verdict")).toHaveAttribute("data-tone", "good");
    await looksRight(auditor, "a verified ledger");
    for (const what of ["Original shown", "Judgement taken back", "Contact approved", "Notice accepted by the relay", "Removed", "Reappeared"]) {
      await auditor.goto(`${demo.desk}/ledger`);
      await auditor.getByLabel("What happened").selectOption({ label: what });
      await auditor.getByRole("button", { name: "Show", exact: true }).click();
      await expect(auditor.locator("tbody tr").first(), what).toContainText(what);
    }
    await auditor.context().close();
  });
});

/** The address of the image at hand; that of its page when it lies in the page itself. */
async function shownAddress(page) {
  const shown = (await page.locator("#work .facts .address").first().innerText()).trim();
  return shown.startsWith("data:") ? PAGE : shown;
}
