// The work of an analyst, by keyboard.
import { expect } from "./demo.js";
import { report } from "./letters.js";

/** Where the visits stand of a report in the queue; a row is a report. */
export const row = (page, number) => page.locator("tbody tr").filter({ hasText: number });

/** The numbers of the reports in the queue, the oldest first. */
export const numbers = (page) => page.locator("tbody th").allInnerTexts();

/** Looks at the queue again and again until so many reports wait there; gives their numbers. */
export async function waiting(page, demo, count) {
  await expect(async () => {
    await page.goto(`${demo.desk}/queue`);
    expect((await numbers(page)).length).toBe(count);
  }).toPass({ timeout: 60_000, intervals: [500, 1_000] });
  return numbers(page);
}

/** Looks at the queue again and again until every address of the report was visited. */
export async function visited(page, demo, number) {
  await expect(async () => {
    await page.goto(`${demo.desk}/queue`);
    await expect(row(page, number)).not.toContainText("being visited", { timeout: 200 });
  }).toPass({ timeout: 120_000, intervals: [1_000, 2_000] });
}

/** Takes a report out of the queue. */
export async function take(page, demo, number) {
  await page.goto(`${demo.desk}/queue`);
  await row(page, number).getByRole("button", { name: `Take report ${number}` }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(number);
}

/** Presses a key of the image at hand and waits until the next image, or the end, has come. */
export async function presses(page, key) {
  const before = await page.locator("#work").getAttribute("data-item");
  await page.keyboard.press(key);
  await expect(page.locator("#work")).not.toHaveAttribute("data-item", before);
}

/** Judges not illegal, and says why when it is asked. */
export async function notIllegal(page, why = "l") {
  await page.keyboard.press("3");
  await expect(page.locator("#work")).toContainText("Why not illegal");
  await presses(page, why);
}

/** Judges every image that is left with the same key. */
export async function judgesTheRest(page, key) {
  const atHand = () => page.locator("#work").getAttribute("data-item");
  for (let left = 40; left > 0 && (await atHand()) !== ""; left -= 1) await presses(page, key);
  await expect.poll(() => toJudge(page)).toBe(0);
}

/** How many images are still to be judged, as the page says it. */
export async function toJudge(page) {
  return page.locator(".tile .chip", { hasText: /^(to judge|judged before\?)$/ }).count();
}

/** Ends the report with the key for it. */
export async function done(page) {
  await page.keyboard.press("d");
  await expect(page.locator(".flash")).toHaveText("The report is closed.");
}

/** Sends in a report and waits until it stands in the queue with all its addresses visited. */
export async function reported(page, desk, demo, letter) {
  await desk.goto(`${demo.desk}/queue`);
  const before = await numbers(desk);
  const receipt = await report(page, demo, letter);
  let number;
  await expect(async () => {
    await desk.goto(`${demo.desk}/queue`);
    number = (await numbers(desk)).find((one) => !before.includes(one));
    expect(number).toBeTruthy();
  }).toPass({ timeout: 60_000, intervals: [500, 1_000] });
  await visited(desk, demo, number);
  return { receipt, number };
}
