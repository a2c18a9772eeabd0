// The chat line, from a telephone in the browser to the queue at the desk.
import { expect, test } from "./road/demo.js";
import { numbers, row } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { fate } from "./road/letters.js";
import { signedIn } from "./road/people.js";

/** Writes on the telephone and waits until the hotline said one thing more. */
async function says(page, text, button = "Send") {
  const heard = page.frameLocator("iframe").locator("section", { hasText: "Hotline" });
  const before = await heard.count();
  await page.getByLabel("Your message").fill(text);
  await page.getByRole("button", { name: button, exact: true }).click();
  await expect.poll(() => heard.count(), { timeout: 30_000 }).toBeGreaterThan(before);
  return heard.first().innerText();
}

for (const [app, who] of [["whatsapp", "31970000000041"], ["telegram", "970000042"]]) {
  test.describe(`the chat line on ${app}`, () => {
    test("takes an address in two messages, gives a receipt, and the report is in the queue", async ({ browser, page, demo }) => {
      const anna = await signedIn(browser, demo, "anna");
      await anna.goto(`${demo.desk}/queue`);
      const before = await numbers(anna);
      await page.goto(`${demo.phones}/?app=${app}&who=${who}`);
      await looksRight(page, "a telephone", `phone-${app}`);
      await says(page, "Look at http://gallery.example/summer please, it is on there");
      const answer = await says(page, "yes");
      const receipt = answer.match(/[0-9A-Z]{4}(-[0-9A-Z]{1,4})+/)?.[0];
      expect(receipt, answer).toBeTruthy();
      await looksRight(page, "a conversation that became a report", `phone-${app}-reported`);
      let number;
      await expect(async () => {
        await anna.goto(`${demo.desk}/queue`);
        number = (await numbers(anna)).find((one) => !before.includes(one));
        expect(number).toBeTruthy();
      }).toPass({ timeout: 60_000, intervals: [500, 1_000] });
      await expect(row(anna, number)).not.toContainText(who);
      expect(await anna.content()).not.toContain(who);
      expect(await fate(page, demo, receipt)).toBe("Received");
      await anna.context().close();
    });

    test("never takes a picture, and says so", async ({ page, demo }) => {
      await page.goto(`${demo.phones}/?app=${app}&who=${who}9`);
      const answer = await says(page, "this went round", "Send with a drawn picture");
      expect(answer).toMatch(/picture|image|file/i);
    });
  });
}
