// Signing in, one's own account, the people and the permissions, as they are seen in a browser.
import { expect, test } from "./road/demo.js";
import { looksRight } from "./road/appearances.js";
import { goTo, signedIn, signIn, speaks } from "./road/people.js";

const BEGINNING = { anna: "/queue", bram: "/queue", liaison: "/holds", cijfers: "/figures", welzijn: "/wellbeing", auditor: "/ledger", beheer: "/people" };

test.describe("the people of the desk", () => {
  test("sign in on a card that is accessible in both languages, and are refused with one sentence", async ({ page, demo }) => {
    await page.goto(`${demo.desk}/`);
    await page.getByRole("link", { name: "Nederlands" }).click();
    await expect(page.locator("html")).toHaveAttribute("lang", "nl");
    await looksRight(page, "signing in, in Dutch");
    await page.getByRole("link", { name: "English" }).click();
    await looksRight(page, "signing in", "sign-in");
    await page.getByLabel("Name").fill("anna");
    await page.getByLabel("Password").fill("not-the-right-one");
    await page.keyboard.press("Enter");
    await expect(page.locator(".error-summary")).toContainText("That did not work.");
    await expect(page.getByLabel("Password")).toHaveValue("");
    await looksRight(page, "a refused sign-in");
  });

  test("have a session in one cookie that scripts cannot read and that sign-out takes away", async ({ browser, demo }) => {
    const page = await signedIn(browser, demo, "auditor");
    const cookies = await page.context().cookies();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatchObject({ name: expect.stringMatching(/^__Host-/), httpOnly: true, secure: true, sameSite: "Strict", path: "/" });
    expect(await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length])).toEqual(["", 0, 0]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByLabel("Password")).toBeVisible();
    expect(await page.context().cookies()).toEqual([]);
    await page.goto(`${demo.desk}/ledger`);
    await expect(page.getByLabel("Password")).toBeVisible();
    await page.context().close();
  });

  test("begin where their work is and see nothing that is not theirs", async ({ browser, demo }) => {
    for (const [name, path] of Object.entries(BEGINNING)) {
      const page = await signedIn(browser, demo, name);
      expect(new URL(page.url()).pathname, name).toBe(path);
      for (const [other, theirs] of Object.entries(BEGINNING)) {
        if (theirs === path || (name === "bram" && other === "liaison")) continue;
        const entry = page.getByRole("navigation", { name: "Main menu" }).locator(`a[href="${theirs}"]`);
        const status = await page.evaluate(async (address) => (await fetch(address, { redirect: "manual" })).status, theirs);
        expect(status === 200, `${name} at ${theirs}`).toBe((await entry.count()) === 1);
      }
      await page.context().close();
    }
  });

  test("change their language, password and sessions on the page of their own account", async ({ browser, demo }) => {
    const page = await signedIn(browser, demo, "auditor");
    await goTo(page, "My account");
    await looksRight(page, "one's own account", "account");
    await speaks(page, demo, "Nederlands");
    await looksRight(page, "one's own account in Dutch");
    await page.goto(`${demo.desk}/ledger`);
    await looksRight(page, "the ledger in Dutch");
    await speaks(page, demo, "English");
    await page.context().close();
  });

  test("are added and closed by the administrator, who sees no material", async ({ browser, demo }) => {
    const page = await signedIn(browser, demo, "beheer");
    await looksRight(page, "the people", "people");
    await page.keyboard.press("n");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Add somebody");
    await looksRight(page, "adding somebody", "people-add");
    await page.getByRole("button", { name: "Make the account" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
    await looksRight(page, "adding nobody");
    await page.getByLabel("Name").fill("carla");
    await page.getByRole("checkbox", { name: /^Analyst/ }).check();
    await page.getByLabel("Reason").fill("new colleague");
    await page.getByRole("button", { name: "Make the account" }).click();
    await expect(page.locator("#handed-over")).toBeVisible();
    const password = await page.locator("#handed-over").innerText();
    await looksRight(page, "a password to hand over");

    const context = await browser.newContext();
    const carla = await context.newPage();
    await carla.goto(`${demo.desk}/sign-in?lang=en`);
    await carla.getByLabel("Name").fill("carla");
    await carla.getByLabel("Password").fill(password);
    await carla.keyboard.press("Enter");
    await expect(carla.getByRole("heading", { level: 1 })).not.toHaveText("Sign in");
    await looksRight(carla, "the first step of a new account");
    await context.close();

    await page.getByRole("link", { name: "I have noted it" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("carla");
    await looksRight(page, "one person", "person");
    const closing = page.locator("form", { has: page.getByRole("button", { name: "Close for good" }) });
    await closing.getByLabel("Reason").fill("a demonstration");
    await closing.getByRole("button").click();
    await expect(page.locator(".flash")).toHaveText("The account was closed.");
    await speaks(page, demo, "Nederlands");
    for (const path of ["/people", "/people/new"]) {
      await page.goto(demo.desk + path);
      await looksRight(page, `${path} in Dutch`);
    }
    await speaks(page, demo, "English");
    await page.context().close();
  });

  test("let a provider in with a key shown once, and take it away", async ({ browser, demo }) => {
    const page = await signedIn(browser, demo, "beheer");
    await goTo(page, "Hash-check");
    await looksRight(page, "the providers that ask", "hash-check");
    await page.keyboard.press("n");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Let a provider in");
    await page.getByRole("button", { name: "Make the key" }).click();
    await expect(page.locator(".error-summary")).toBeVisible();
    await looksRight(page, "letting nobody in");
    await page.getByLabel("Provider").fill("Second Hosting");
    await page.getByLabel("Reason").fill("agreed in writing");
    await page.getByRole("button", { name: "Make the key" }).click();
    await expect(page.locator("#handed-over")).toHaveText(/^mpk_[a-z2-7]{52}$/);
    await looksRight(page, "a key to hand over");
    await page.getByRole("link", { name: "I have noted it" }).click();
    await looksRight(page, "one provider", "hash-check-client");
    await page.getByLabel("Reason").fill("a demonstration");
    await page.getByRole("button", { name: "Take the key away" }).click();
    await expect(page.locator(".flash")).toHaveText("The key was taken away.");
    await speaks(page, demo, "Nederlands");
    for (const path of ["/hash-check", "/hash-check/new"]) {
      await page.goto(demo.desk + path);
      await looksRight(page, `${path} in Dutch`);
    }
    await speaks(page, demo, "English");
    await page.context().close();
  });

  test("can be hidden behind a veil at once, and find every key on one sheet", async ({ page, demo }) => {
    await signIn(page, demo, "beheer");
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
    await looksRight(page, "the sheet of keys", "keys");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await expect(page.locator("#veil")).toBeVisible();
    await looksRight(page, "the veil");
    await page.keyboard.press("Enter");
    await expect(page.locator("#veil")).toBeHidden();
  });

  test("are refused accessibly where they may not be", async ({ page, demo }) => {
    await signIn(page, demo, "auditor");
    for (const path of ["/people", "/nothing-here"]) {
      await page.goto(demo.desk + path);
      await looksRight(page, `${path} as auditor`);
    }
  });
});
