// A video at the desk: its contact sheet first, then the film while a key is held.
import { expect, test } from "./road/demo.js";
import { done, judgesTheRest, reported, take } from "./road/analyst.js";
import { looksRight } from "./road/appearances.js";
import { signedIn } from "./road/people.js";

/** What the server answers to whoever has the cookie of this page's person; no browser keeps it. */
async function asked(page, demo, path) {
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const answer = await fetch(`${demo.desk}${path}`, { headers: { cookie }, redirect: "manual" });
  await answer.body?.cancel();
  return answer.status;
}

test.describe("a video", () => {
  test("is shown by its sheet, then played without sound while it is held, each look in the ledger", async ({ browser, page, demo }) => {
    const anna = await signedIn(browser, demo, "anna");
    const { number } = await reported(page, anna, demo, { addresses: ["http://pictures.example/clock"] });
    await take(anna, demo, number);
    const stage = anna.locator("#stage");
    for (let left = 6; left > 0 && (await anna.locator("#film").count()) === 0; left -= 1) {
      await anna.keyboard.press("n");
      await anna.waitForTimeout(300);
    }
    await expect(anna.locator("#film")).toHaveCount(1);
    await looksRight(anna, "a video at hand", "video");

    await anna.locator("body").focus();
    await anna.keyboard.down("r");
    await expect(stage.locator("img[data-original]")).toBeVisible();
    await anna.keyboard.up("r");
    await expect(stage.locator("img[data-original]")).toHaveCount(0);

    await anna.keyboard.down("v");
    const film = stage.locator("video[data-original]");
    await expect(film).toBeVisible();
    await expect.poll(() => film.evaluate((one) => one.currentTime), { timeout: 10_000 }).toBeGreaterThan(0.2);
    const playing = await film.evaluate((one) => ({ muted: one.muted, rate: one.playbackRate, length: one.duration, wide: one.videoWidth }));
    expect(playing).toMatchObject({ muted: true, rate: 2, wide: 320 });
    expect(playing.length).toBeCloseTo(6, 0);
    await film.evaluate((one) => { one.muted = false; });
    await expect.poll(() => film.evaluate((one) => one.muted)).toBe(true);
    const path = await film.getAttribute("src");
    expect(await asked(anna, demo, path)).toBe(200);
    const ended = anna.waitForResponse((answer) => answer.url().endsWith(`${path}/end`));
    await anna.keyboard.up("v");
    await expect(film).toHaveCount(0);
    expect((await ended).status()).toBe(204);
    // What was given for one look is worth nothing after it.
    expect(await asked(anna, demo, path)).toBe(410);

    await judgesTheRest(anna, "5");
    await done(anna);
    const auditor = await signedIn(browser, demo, "auditor");
    for (const what of ["Contact sheet of a video shown", "Original shown"]) {
      await auditor.goto(`${demo.desk}/ledger`);
      await auditor.getByLabel("What happened").selectOption({ label: what });
      await auditor.getByRole("button", { name: "Show", exact: true }).click();
      await expect(auditor.locator("tbody tr").first(), what).toContainText(what);
    }
    for (const one of [anna, auditor]) await one.context().close();
  });
});
