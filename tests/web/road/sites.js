// The demo's web sites: their picture bytes as they are, and the buttons of those who host them.
import { createHash } from "node:crypto";

const FOLDERS = { "gallery.example": "pictures", "pictures.example": "img", "album.example": "photos" };

/** The bytes of a picture on a demo site, asked for past every browser. */
export async function picture(demo, host, file) {
  const answer = await fetch(`${demo.sites}/see/${host}/${FOLDERS[host]}/${file}`);
  if (!answer.ok) throw new Error(`${host}/${file}: ${answer.status}`);
  return Buffer.from(await answer.arrayBuffer());
}

/** The pictures that a page carries inside itself, as data addresses. */
export async function inside(demo, host, path) {
  const html = await (await fetch(`${demo.sites}/see/${host}${path}`)).text();
  return [...html.matchAll(/data:image\/[a-z]+;base64,([A-Za-z0-9+/=]+)/g)].map(([, coded]) => Buffer.from(coded, "base64"));
}

/** A picture that no site of the demo has, so that nobody judged it before: a PNG drawn in the browser. */
export async function unseen(page) {
  const coded = await page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 240 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#f4ead2";
    pen.fillRect(0, 0, 320, 240);
    for (let band = 0; band < 9; band += 1) {
      pen.fillStyle = `hsl(${band * 43} 60% ${25 + band * 6}%)`;
      pen.beginPath();
      pen.ellipse(30 + band * 31, 40 + ((band * 97) % 170), 14 + band * 4, 40 - band * 3, band, 0, 2 * Math.PI);
      pen.fill();
    }
    return canvas.toDataURL("image/png").split(",")[1];
  });
  return Buffer.from(coded, "base64");
}

export const digest = (algorithm, bytes) => createHash(algorithm).update(bytes).digest("hex");

/** Presses a button at the provider. */
export async function provider(page, demo, button, which) {
  await page.goto(`${demo.sites}/`);
  await page.getByRole("button", { name: `${button}: ${which}`, exact: true }).click();
}
