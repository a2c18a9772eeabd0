// The other roads: abroad, police first, without an address, two analysts at one report, and the mail
// server that refuses. Each test walks one report to its end.
import { expect, test } from "./road/demo.js";
import { done, judgesTheRest, presses, reported, row, take } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { fate, mail } from "./road/letters.js";
import { signedIn, speaks } from "./road/people.js";

/** The lines of the takedowns at a host, as often looked up as it takes until they say `says`. */
async function takedowns(page, demo, host, says) {
  const lines = page.locator("tbody tr").filter({ hasText: host });
  await expect(async () => {
    await page.goto(`${demo.desk}/takedowns?presence=`);
    await expect(lines.first()).toContainText(says, { timeout: 200 });
  }).toPass({ timeout: 60_000, intervals: [500, 1_000] });
  return lines;
}

test.describe("the other roads", () => {
  test("what is hosted abroad is shown as to be forwarded, and nobody is written to", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { receipt, number } = await reported(page, anna, demo, { addresses: ["http://album.example/shapes"] });
    await take(anna, demo, number);
    await presses(anna, "1");
    await judgesTheRest(anna, "5");
    const before = (await mail(demo)).length;
    await done(anna);
    const lines = await takedowns(anna, demo, "album.example", "to be forwarded");
    await expect(lines.first()).toContainText("US");
    await lines.first().getByRole("link").first().click();
    await looksRight(anna, "a takedown that is to be forwarded", "takedown-abroad");
    expect((await mail(demo)).length).toBe(before);
    expect(await fate(page, demo, receipt)).not.toBe("Removed");
    await anna.context().close();
  });

  test("police first: nothing is sent until the liaison releases the hold", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: ["http://pictures.example/town"] });
    await take(anna, demo, number);
    // One picture was judged in another report and comes back re-encoded (law 7). It may stand anywhere: the
    // pictures of a page are in the order in which they arrived.
    const alike = anna.getByRole("heading", { name: "A picture like this was judged before" });
    let key = "2";
    for (let left = 20; left > 0 && !(await alike.isVisible()); left -= 1) {
      await presses(anna, key);
      key = "5";
    }
    await looksRight(anna, "a picture like one that was judged", "alike");
    await presses(anna, "y");
    if (key === "2") await presses(anna, key);
    await judgesTheRest(anna, "5");
    await anna.getByLabel(/^Ask the police first/).check();
    await anna.getByLabel("Because").selectOption({ index: 1 });
    await anna.getByLabel("Note", { exact: true }).fill("The liaison knows of it.");
    await looksRight(anna, "a report for the police first");
    const before = (await mail(demo)).length;
    await anna.getByRole("button", { name: "Done" }).click();
    await expect(anna.locator(".flash")).toHaveText("The report is closed.");
    await takedowns(anna, demo, "pictures.example", "held for the police");

    const liaison = await signedIn(browser, demo, "liaison");
    await looksRight(liaison, "the holds", "holds");
    await liaison.locator("tbody").getByRole("link").first().click();
    await looksRight(liaison, "a hold", "hold");
    expect((await mail(demo)).length, "nothing is sent while it is held").toBe(before);
    const releasing = liaison.locator("form", { has: liaison.getByRole("button", { name: "Release the hold" }) });
    await releasing.getByRole("button").click();
    await expect(liaison.locator(".error-summary")).toBeVisible();
    await looksRight(liaison, "a hold released without a reason");
    await releasing.getByLabel("Reason").fill("the police have what they need");
    await releasing.getByRole("button").click();
    await expect(liaison.locator(".flash")).toContainText("The hold was released.");

    await takedowns(anna, demo, "pictures.example", "waits for a contact");
    await anna.goto(`${demo.desk}/contacts`);
    await anna.locator("#waiting-title ~ .table-wrap tbody").getByRole("link").first().click();
    const approving = anna.locator("form", { has: anna.getByRole("button", { name: "Approve this contact" }) });
    await approving.getByLabel("Reason").fill("found on its own site");
    await approving.getByRole("button").click();
    await expect.poll(async () => (await mail(demo)).length, { timeout: 60_000 }).toBe(before + 1);
    expect((await mail(demo))[0].text).toContain("http://pictures.example/");
    await takedowns(anna, demo, "pictures.example", "provider told");
    for (const one of [anna, liaison]) await one.context().close();
  });

  test("a report without an address is read, and closed with how it ends", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const words = "Somebody in a game asked for pictures.";
    const { receipt, number } = await reported(page, anna, demo, { words, reach: "sender@mail.example" });
    await expect(row(anna, number)).toContainText("no address");
    await take(anna, demo, number);
    await expect(anna.getByText(words)).toBeVisible();
    await looksRight(anna, "a report without an address", "report-story");
    await anna.locator("input[name=outcome]").first().check();
    await done(anna);
    await expect.poll(() => fate(page, demo, receipt), { timeout: 30_000 }).not.toBe("Received");
    await looksRight(page, "the fate of a story");
    await anna.context().close();
  });

  test("two analysts cannot hold the same report; handed over, taken over or given back, the other has it", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const bram = await signedIn(browser, demo, "bram");
    const { number } = await reported(page, anna, demo, { addresses: ["http://pictures.example/cards"] });
    await bram.goto(`${demo.desk}/queue`);
    await take(anna, demo, number);
    await row(bram, number).getByRole("button", { name: `Take report ${number}` }).click();
    await expect(bram.getByRole("heading", { name: "anna is working on this report" })).toBeVisible();
    await expect(bram.locator(".tile")).toHaveCount(0);
    await looksRight(bram, "a report that a colleague holds", "report-held");
    await bram.goto(`${demo.desk}/queue`);
    await expect(row(bram, number)).toContainText("anna");
    await expect(row(bram, number).getByRole("button")).toHaveCount(0);
    await bram.goto(anna.url());
    await expect(bram.locator(".tile")).toHaveCount(0);

    await anna.getByLabel("Note for your colleague").fill("The second one I could not make out.");
    await anna.getByLabel("To", { exact: true }).selectOption("bram");
    await anna.getByRole("button", { name: "Hand over" }).click();
    await expect(anna.locator(".flash")).toHaveText("Your colleague has the report now.");
    await bram.goto(`${demo.desk}/queue`);
    await expect(bram.getByRole("heading", { name: "My work" })).toBeVisible();
    await looksRight(bram, "the queue with one's own work", "queue-mine");
    await bram.keyboard.press("c");
    await expect(bram.getByText("The second one I could not make out.")).toBeVisible();
    await looksRight(bram, "a report that was handed over", "report-handed-over");
    await anna.goto(bram.url());
    await anna.getByLabel("Reason").fill("gone home ill");
    await anna.getByRole("button", { name: "Take it over" }).click();
    await expect(anna.locator(".tile")).not.toHaveCount(0);

    await anna.keyboard.press("z");
    await expect(anna.locator(".flash")).toHaveText("The report is back in the queue.");
    await take(bram, demo, number);
    await expect(bram.locator(".tile")).not.toHaveCount(0);
    await judgesTheRest(bram, "5");
    await done(bram);
    for (const one of [anna, bram]) await one.context().close();
  });

  test("a page that is not there is judged by hand, or looked at again", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: ["http://gallery.example/nothing-here"] });
    await expect(row(anna, number)).toContainText("not captured");
    await take(anna, demo, number);
    await expect(anna.getByRole("heading", { name: "Judge by hand" })).toBeVisible();
    await looksRight(anna, "an address that was not captured", "report-by-hand");
    await anna.getByLabel(/^Why not illegal/).selectOption({ index: 1 });
    await anna.getByRole("button", { name: "Not illegal" }).click();
    await expect(anna.locator(".flash")).toHaveText("The address is judged.");
    await done(anna);
    await anna.context().close();
  });

  test("every page of the desk is accessible in Dutch as well", async ({ browser, page, demo }) => {
    const bram = await signedIn(browser, demo, "bram");
    const { number } = await reported(page, bram, demo, { addresses: ["http://gallery.example/summer"] });
    await speaks(bram, demo, "Nederlands");
    for (const path of ["/queue", "/takedowns", "/notices", "/contacts", "/holds", "/figures"]) {
      await bram.goto(demo.desk + path);
      await looksRight(bram, `${path} in Dutch`);
    }
    for (const path of ["/takedowns?presence=", "/notices", "/contacts"]) {
      await bram.goto(demo.desk + path);
      const first = bram.locator("tbody").getByRole("link").first();
      if ((await first.count()) === 0) continue;
      await first.click();
      await looksRight(bram, `one of ${path} in Dutch`);
    }
    await bram.goto(`${demo.desk}/queue`);
    await row(bram, number).getByRole("button").click();
    await looksRight(bram, "a report in Dutch");
    await bram.keyboard.press("3");
    await looksRight(bram, "asking why in Dutch");
    await speaks(bram, demo, "English");
    await bram.context().close();
  });
});
