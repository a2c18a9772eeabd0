// Everything a browser was sent, so that it can be said what has not left the server.

/** Pieces of a file that stand in no other: past what files of one kind have in common at their head. */
const pieces = (bytes) =>
  [0.02, 0.5, 0.95].map((part) => Math.max(Math.floor(bytes.length * part), Math.min(700, Math.floor(bytes.length / 8)))).
    map((from) => bytes.subarray(from, from + 48));

/** A piece as it would stand in base64, whichever of the three positions it begins at. */
const inBase64 = (piece) => [0, 1, 2].map((shift) => piece.subarray(shift, shift + 42).toString("base64").replace(/=+$/, "").slice(0, 52));

export class Recorder {
  constructor(page) {
    this.answers = [];
    page.on("response", (response) => {
      const body = response.body().catch(() => Buffer.alloc(0));
      this.answers.push({ url: response.url(), request: response.request(), headers: response.headers(), body });
    });
  }

  /** The addresses that answered with these bytes, or with a recognisable part of them. */
  async carriersOf(original) {
    const wanted = pieces(original);
    const coded = wanted.flatMap(inBase64);
    const found = [];
    for (const { url, body } of this.answers) {
      const sent = await body;
      const text = sent.toString("latin1");
      if (wanted.some((piece) => sent.includes(piece)) || coded.some((part) => text.includes(part))) found.push(url);
    }
    return found;
  }

  /** Every host that was asked for anything. */
  hosts() {
    return [...new Set(this.answers.map(({ url }) => new URL(url).host))];
  }
}
