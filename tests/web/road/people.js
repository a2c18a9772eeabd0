// Signing in and going about, with clicks and keys as a person does it.
import { expect } from "./demo.js";

/** A browser of its own for this person, signed in at the desk. */
export async function signedIn(browser, demo, name, options = {}) {
  const context = await browser.newContext({ ...options });
  const page = await context.newPage();
  await signIn(page, demo, name);
  return page;
}

/** Fills in the card of signing in. */
export async function signIn(page, demo, name) {
  await page.goto(`${demo.desk}/sign-in?lang=en`);
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(demo.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("navigation", { name: "Main menu" })).toBeVisible();
}

/** Goes to a page of the desk by its entry in the menu. */
export async function goTo(page, entry) {
  await page.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name: entry }).click();
}

/** Changes one's language on the page of one's own account. */
export async function speaks(page, demo, language) {
  await page.goto(`${demo.desk}/me`);
  await page.getByRole("button", { name: language, exact: true }).click();
  const tag = { Nederlands: "nl", English: "en" }[language];
  await expect(page.locator("html")).toHaveAttribute("lang", tag);
}
