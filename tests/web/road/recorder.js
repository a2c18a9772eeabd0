// Everything a browser was sent, so that it can be said what has not left the server.

/** A piece of a file that stands in no other: from its middle. */
const piece = (bytes) => bytes.subarray(Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 48);

/** The piece as it would stand in base64, whichever of the three positions it begins at. */
const inBase64 = (bytes) => [0, 1, 2].map((shift) => {
  const whole = bytes.subarray(shift, shift + 42).toString("base64");
  return whole.replace(/=+$/, "").slice(0, 52);
});

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
    const wanted = piece(original);
    const coded = inBase64(wanted);
    const found = [];
    for (const { url, body } of this.answers) {
      const sent = await body;
      const text = sent.toString("latin1");
      if (sent.includes(wanted) || coded.some((part) => text.includes(part))) found.push(url);
    }
    return found;
  }

  /** Every host that was asked for anything. */
  hosts() {
    return [...new Set(this.answers.map(({ url }) => new URL(url).host))];
  }
}
