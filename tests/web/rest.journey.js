// The limits on looking, as the people see them: a break on one key, what is not offered, the end of a
// day, the wellbeing lead. The server holds them against requests that no page would send.
import { expect, test } from "./road/demo.js";
import { presses, reported, take } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { goTo, signedIn, speaks } from "./road/people.js";

/** Asks, as a script in the page would, for everything that shows the image at hand; gives the statuses. */
const asksDirectly = (page) => page.evaluate(async () => {
  const token = document.body.dataset.formToken;
  const ask = (path, method) => fetch(path, { method, redirect: "manual", headers: { "X-Form-Token": token } });
  const item = sessionStorage.getItem("item");
  const answers = [await ask(`${item}/veiled`, "GET"), await ask(`${item}/reveal`, "POST")];
  return answers.map((answer) => answer.status);
});

test.describe("the limits on looking", () => {
  test("a break begins on one key, and nothing is shown until it is ended", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: ["http://gallery.example/summer"] });
    await take(anna, demo, number);
    const report = new URL(anna.url()).pathname;
    const item = await anna.locator("#work").getAttribute("data-item");
    await anna.evaluate((path) => sessionStorage.setItem("item", path), `${report}/items/${item}`);
    expect(await asksDirectly(anna)).toEqual([200, 200]);
    await presses(anna, "1");

    await anna.keyboard.press("b");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Break");
    await expect(anna.getByText(/You are on a break since/)).toBeVisible();
    await looksRight(anna, "a break", "break");
    expect(await asksDirectly(anna)).toEqual([403, 403]);
    await anna.goto(demo.desk + report);
    await expect(anna.getByRole("heading", { level: 1 }), "the report leads to the break").toHaveText("Break");

    await anna.getByLabel("What", { exact: true }).selectOption({ label: "Age group: Infant" });
    await anna.getByRole("button", { name: "Do not offer it" }).click();
    await expect(anna.locator(".flash")).toHaveText("It is not offered to you.");
    await anna.getByLabel("Nothing after this time").fill("25:00");
    await anna.getByRole("button", { name: "Keep" }).click();
    await expect(anna.locator(".error-summary")).toBeVisible();
    await looksRight(anna, "own limits that cannot be");
    await anna.getByRole("button", { name: "Offer again: Age group: Infant" }).click();
    await expect(anna.locator(".flash")).toHaveText("It is offered to you again.");

    await anna.keyboard.press("b");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Queue");
    await anna.goto(demo.desk + report);
    await expect(anna.locator("#work")).toBeVisible();
    await anna.context().close();
  });

  test("a day ends with what went well, and gives back what one holds", async ({ browser, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    await goTo(anna, "Break");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Break");
    await anna.keyboard.press("e");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("End of the day");
    await looksRight(anna, "the end of a day", "day");
    await anna.getByRole("button", { name: /end my day/i }).click();
    await expect(anna.locator(".flash")).toHaveText("Your day is over. Until tomorrow.");
    await expect(anna.getByText("your hands are free")).toBeVisible();
    await looksRight(anna, "a day that ended");
    await goTo(anna, "Break");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Break");
    await anna.keyboard.press("b");
    await expect(anna.getByRole("heading", { level: 1 })).toHaveText("Queue");
    await speaks(anna, demo, "Nederlands");
    for (const path of ["/break", "/day"]) {
      await anna.goto(demo.desk + path);
      await looksRight(anna, `${path} in Dutch`);
    }
    await speaks(anna, demo, "English");
    await anna.context().close();
  });

  test("the wellbeing lead sets them, sees nobody alone, and lets a newcomer go on", async ({ browser, demo }) => {
    const beheer = await signedIn(browser, demo, "beheer");
    await beheer.goto(`${demo.desk}/people/new`);
    await beheer.getByLabel("Name").fill("nieuwe");
    await beheer.getByRole("checkbox", { name: /^Analyst/ }).check();
    await beheer.getByLabel("Reason").fill("new colleague");
    await beheer.getByRole("button", { name: "Make the account" }).click();
    await expect(beheer.locator("#handed-over")).toBeVisible();
    await beheer.context().close();

    const lead = await signedIn(browser, demo, "welzijn");
    await expect(lead.getByRole("heading", { level: 1 })).toHaveText("Wellbeing");
    await expect(lead.getByText("Fewer than 5 people")).toBeVisible();
    await expect(lead.locator("main")).not.toContainText("anna");
    await looksRight(lead, "wellbeing", "wellbeing");
    await lead.getByLabel("Most minutes with material in a day").fill("240");
    await lead.getByLabel("Reason").fill("agreed with the team");
    await lead.getByRole("button", { name: "Keep" }).click();
    await expect(lead.locator(".flash")).toHaveText("These limits hold.");

    await goTo(lead, "Induction");
    await expect(lead.getByRole("heading", { level: 1 })).toHaveText("Induction");
    await looksRight(lead, "induction", "induction");
    await lead.getByLabel("Reason").fill("spoke with each other");
    await lead.getByRole("button", { name: "Let somebody go on to the next level" }).click();
    await expect(lead.locator(".flash")).toHaveText("The next level has come.");
    await expect(lead.locator("tbody tr").filter({ hasText: "nieuwe" })).toContainText("second level");
    await speaks(lead, demo, "Nederlands");
    for (const path of ["/wellbeing", "/induction"]) {
      await lead.goto(demo.desk + path);
      await looksRight(lead, `${path} in Dutch`);
    }
    await speaks(lead, demo, "English");
    await lead.context().close();
  });
});
