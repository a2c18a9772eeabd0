// The year as a document, and the schemes by which the house judges.
import { expect, test } from "./road/demo.js";
import { isAccessible, looksRight } from "./road/appearances.js";
import { goTo, signedIn, speaks } from "./road/people.js";

test.describe("the year", () => {
  test("is a document with charts and their tables, in both languages", async ({ browser, demo }) => {
    const cijfers = await signedIn(browser, demo, "cijfers");
    await cijfers.goto(`${demo.desk}/figures/report`);
    await expect(cijfers.locator("svg").first()).toBeVisible();
    await looksRight(cijfers, "the year as a document", "year");
    await speaks(cijfers, demo, "Nederlands");
    await cijfers.goto(`${demo.desk}/figures/report`);
    await isAccessible(cijfers, "the year in Dutch");
    await speaks(cijfers, demo, "English");
    await cijfers.context().close();
  });
});

test.describe("the scheme", () => {
  test("is drawn up, corrected with its faults in words, and put in force with a reason", async ({ browser, demo }) => {
    const beheer = await signedIn(browser, demo, "beheer");
    await goTo(beheer, /^Schemes?/);
    await looksRight(beheer, "the schemes", "schemes");
    await beheer.getByRole("button", { name: "Draft the next version" }).click();
    await looksRight(beheer, "a scheme that is drawn up", "scheme");
    const text = beheer.locator("textarea").first();
    const sound = await text.inputValue();
    await text.fill(sound.replace("id =", "idd ="));
    await beheer.locator("form[action$='/text'] button[type=submit]").click();
    await expect(beheer.locator("main")).toContainText("idd");
    await looksRight(beheer, "a scheme with a fault", "scheme-fault");
    await beheer.locator("textarea").first().fill(sound);
    await beheer.locator("form[action$='/text'] button[type=submit]").click();
    await beheer.locator("form[action$='/drop'] button[type=submit]").click();
    await beheer.context().close();
  });
});
