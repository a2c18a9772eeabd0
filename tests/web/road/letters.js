// Sending in a report at the public page, and asking after it.
import { expect } from "./demo.js";

/** Fills in the English form and sends it; gives the receipt. */
export async function report(page, demo, { addresses = [], where = "", words = "", reach = "" }) {
  await page.goto(`${demo.door}/en`);
  await page.getByLabel("At which web address did you see it?").fill(addresses.join("\n"));
  await page.getByLabel("Where did you come across it?").fill(where);
  await page.getByLabel("What would you like to tell us?").fill(words);
  await page.getByLabel("May we ask you something?").fill(reach);
  await page.getByRole("button", { name: "Send my report" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Thank you. Your report is with us.");
  return receiptOn(page);
}

/** The receipt a page shows. */
export async function receiptOn(page) {
  return (await page.locator(".receipt-code").innerText()).replaceAll(/\s/g, "");
}

/** What the page of receipts says of this one, in one heading. */
export async function fate(page, demo, receipt) {
  await page.goto(`${demo.door}/en/receipt`);
  await page.getByLabel("Your code").fill(receipt);
  await page.getByRole("button", { name: "Show me" }).click();
  return page.locator("#fate").innerText();
}

/** The messages in the mail catcher, the newest first. */
export async function mail(demo) {
  return (await fetch(`${demo.mail}/messages.json`)).json();
}
