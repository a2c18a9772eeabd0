// The page of a report: original bytes are on the screen only while they are held there.
//
//   data-reveal="PATH"   on the stage: where a reveal is asked for, by POST; recorded there
//   data-name, data-failed   the name of what is shown; what is said when it cannot be
//
// An image is taken away when the key or button is let go, when the window loses the focus, when
// everything is hidden, when another image comes, and in any case after a while. A reveal whose
// answer comes too late is thrown away.
(() => {
  "use strict";
  const LONGEST_MS = 20000;
  let round = 0;
  let timer = 0;

  const say = (words) => {
    const live = document.getElementById("live");
    if (live) live.textContent = words || "";
  };
  const cover = () => {
    round += 1;
    clearTimeout(timer);
    document.querySelectorAll("img[data-original]").forEach((image) => {
      const stage = image.parentElement;
      image.removeAttribute("src");
      image.remove();
      stage.querySelectorAll("[data-veiled]").forEach((veiled) => { veiled.hidden = false; });
      if (stage.id.startsWith("shot-")) stage.hidden = true;
    });
  };
  const failed = (stage, words) => say(words || stage.dataset.failed);

  const reveal = async (stage) => {
    cover();
    const mine = round;
    let told;
    try {
      const answer = await fetch(stage.dataset.reveal, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-Form-Token": document.body.dataset.formToken || "" },
      });
      const kind = answer.headers.get("content-type") || "";
      told = kind.startsWith("application/json") ? await answer.json() : {};
    } catch (_) {
      told = {};
    }
    if (mine !== round) return;
    if (!told.path) return failed(stage, told.says);
    const image = new Image();
    image.dataset.original = "";
    image.alt = stage.dataset.name || "";
    image.draggable = false;
    image.addEventListener("load", () => {
      if (mine !== round) return;
      stage.hidden = false;
      stage.querySelectorAll("[data-veiled]").forEach((veiled) => { veiled.hidden = true; });
      stage.prepend(image);
      timer = setTimeout(cover, LONGEST_MS);
    });
    image.addEventListener("error", () => { if (mine === round) failed(stage); });
    image.src = told.path;
  };

  document.addEventListener("meldpunt:reveal", (event) => {
    if (event.target instanceof HTMLElement && event.target.dataset.reveal) reveal(event.target);
  });
  for (const name of ["meldpunt:cover", "meldpunt:hide", "htmx:before:swap"]) {
    document.addEventListener(name, cover);
  }
  window.addEventListener("blur", cover);
  window.addEventListener("pagehide", cover);
  document.addEventListener("contextmenu", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-original]")) event.preventDefault();
  });

  // The tile of the image at hand is marked, whatever brought it there.
  const mark = () => {
    const work = document.getElementById("work");
    if (!work) return;
    document.querySelectorAll(".tile[aria-current]").forEach((tile) => tile.removeAttribute("aria-current"));
    const tile = work.dataset.item && document.querySelector(`#tile-${CSS.escape(work.dataset.item)} .tile`);
    if (tile) tile.setAttribute("aria-current", "true");
  };
  for (const name of ["htmx:after:swap", "htmx:afterSwap"]) document.addEventListener(name, mark);
})();
