// The visitors' room: what failed and why, a look again with a reason, and a file that a partner sent;
// and what goes to the police.
import { readFile } from "node:fs/promises";
import { expect, test } from "./road/demo.js";
import { reported, take } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { goTo, signedIn, speaks } from "./road/people.js";
import { unseen } from "./road/sites.js";

test.describe("the visitors' room", () => {
  test("shows what failed, looks again, and takes a file by hand, without a script", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: ["http://gallery.example/never-there", "http://gallery.example/nor-this"] });
    await goTo(anna, "Visits");
    const failed = anna.locator("section", { has: anna.getByRole("heading", { name: "Not captured, the last 7 days" }) });
    await expect(failed).toContainText("the server answered with an error (404)");
    await expect(anna.locator("main")).not.toContainText("gallery.example");
    await looksRight(anna, "the visitors' room", "visits");

    await failed.getByRole("link", { name: `Look again ${number}` }).first().click();
    await anna.getByRole("button", { name: "Look again" }).click();
    await expect(anna.locator(".error-summary")).toContainText("Give a reason.");
    await looksRight(anna, "a visit without a reason to look again");
    await anna.getByLabel("Reason").fill("a colleague saw it");
    await anna.getByRole("button", { name: "Look again" }).click();
    await expect(anna.locator(".flash")).toHaveText("The address will be visited again.");

    await take(anna, demo, number);
    const state = await anna.context().storageState();
    const plain = await (await browser.newContext({ javaScriptEnabled: false, storageState: state })).newPage();
    await plain.goto(`${demo.desk}/visits`);
    await plain.getByLabel("Number of the report").fill(number);
    await plain.getByRole("button", { name: "To the report" }).click();
    await plain.getByRole("radio", { name: /nor-this/ }).check();
    await plain.getByLabel("Picture or video").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
    await plain.getByLabel("Reason").fill("sent by a partner");
    await plain.getByRole("button", { name: "Take and seal" }).click();
    await expect(plain.locator(".error-summary")).toContainText("neither a picture nor a video");
    const drawn = await unseen(anna);
    await plain.getByRole("radio", { name: /nor-this/ }).check();
    await plain.getByLabel("Picture or video").setInputFiles({ name: "sent.png", mimeType: "image/png", buffer: drawn });
    await plain.getByRole("button", { name: "Take and seal" }).click();
    await expect(plain.locator(".flash")).toContainText("The file was sealed");
    await expect(plain.locator("main")).toContainText("a file taken by hand, as found there");
    await plain.context().close();

    await anna.goto(`${demo.desk}/visits`);
    await anna.getByLabel("Number of the report").fill(number);
    await anna.keyboard.press("Enter");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Take a file by hand");
    await looksRight(anna, "taking a file by hand", "visits-file");
    await speaks(anna, demo, "Nederlands");
    await anna.goto(`${demo.desk}/visits`);
    await looksRight(anna, "the visitors' room, in Dutch");
    await speaks(anna, demo, "English");
    await anna.context().close();
  });

  test("sends the evidence of a visit to the police sealed, when a colleague agrees", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: ["http://gallery.example/summer"] });
    await take(anna, demo, number);
    await anna.getByRole("link", { name: "Evidence", exact: true }).click();
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Evidence of a visit");
    await looksRight(anna, "the evidence of a visit", "evidence");
    await anna.getByLabel("Reason").fill("the police asked for it");
    await anna.getByRole("button", { name: "Ask for it" }).click();
    await expect(anna.locator(".flash")).toHaveText("Asked. A colleague must approve it.");
    await expect(anna.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0);

    const bram = await signedIn(browser, demo, "bram");
    await goTo(bram, "To the police");
    await looksRight(bram, "a hand-over to be decided", "hand-over");
    await bram.getByLabel("Reason").fill("agreed");
    await bram.getByRole("button", { name: "Approve", exact: true }).click();
    await expect(bram.locator(".flash")).toHaveText("Approved. The file can be taken for a day.");
    const taken = bram.waitForEvent("download");
    await bram.getByRole("button", { name: `Take the sealed file ${number}` }).click();
    const file = await readFile(await (await taken).path());
    expect(file.subarray(0, 21).toString()).toBe("age-encryption.org/v1");
    await bram.context().close();
    await anna.context().close();
  });
});
