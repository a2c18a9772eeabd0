// The visitors' room: what failed and why, a look again with a reason, and a file that a partner sent.
import { expect, test } from "./road/demo.js";
import { numbers, take, visited } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { report } from "./road/letters.js";
import { goTo, signedIn, speaks } from "./road/people.js";
import { picture } from "./road/sites.js";

test.describe("the visitors' room", () => {
  test("shows what failed, looks again, and takes a file by hand, without a script", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    await anna.goto(`${demo.desk}/queue`);
    const before = await numbers(anna);
    await report(page, demo, { addresses: ["http://gallery.example/never-there", "http://gallery.example/nor-this"] });
    let number;
    await expect(async () => {
      await anna.goto(`${demo.desk}/queue`);
      number = (await numbers(anna)).find((one) => !before.includes(one));
      expect(number).toBeTruthy();
    }).toPass({ timeout: 60_000, intervals: [500, 1_000] });
    await visited(anna, demo, number);
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
    const drawn = await picture(demo, "gallery.example", "meadow.jpg");
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
});
