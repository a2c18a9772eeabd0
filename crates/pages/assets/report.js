// The page of a report: original bytes are on the screen only while they are held there.
//
//   data-reveal="PATH"   on the stage: where a reveal is asked for, by POST; recorded there
//   data-play="PATH"     in the stage: likewise for playing a video; #film-speed has its speed
//   data-name, data-failed   the name of what is shown; what is said when it cannot be
//
// An image or a video is taken away when the key or button is let go, when the window loses the
// focus, when everything is hidden, when another image comes, and in any case after a while. A reveal
// whose answer comes too late is thrown away. A video has no sound; held again it goes on where it was.
(() => {
  "use strict";
  const LONGEST_MS = 20000;
  const LONGEST_FILM_MS = 120000;
  const STEP_S = 5;
  let round = 0;
  let timer = 0;
  const places = new Map();

  const say = (words) => {
    const live = document.getElementById("live");
    if (live) live.textContent = words || "";
  };
  const ask = (path, keepalive) => fetch(path, {
    method: "POST",
    credentials: "same-origin",
    keepalive,
    headers: { "X-Form-Token": document.body.dataset.formToken || "" },
  });
  const stop = (film) => {
    const path = film.dataset.playing;
    film.pause();
    places.set(film.dataset.original, film.ended ? 0 : film.currentTime);
    film.removeAttribute("src");
    film.load();
    if (path) ask(`${path}/end`, true).catch(() => {});
  };
  const cover = () => {
    round += 1;
    clearTimeout(timer);
    document.querySelectorAll("[data-original]").forEach((shown) => {
      const stage = shown.parentElement;
      if (shown instanceof HTMLVideoElement) stop(shown);
      shown.removeAttribute("src");
      shown.remove();
      stage.querySelectorAll("[data-veiled]").forEach((veiled) => { veiled.hidden = false; });
      if (stage.id.startsWith("shot-")) stage.hidden = true;
    });
  };
  const failed = (stage, words) => say(words || stage.dataset.failed);

  const told = async (path) => {
    try {
      const answer = await ask(path, false);
      const kind = answer.headers.get("content-type") || "";
      return kind.startsWith("application/json") ? await answer.json() : {};
    } catch (_) {
      return {};
    }
  };
  const remind = (words) => {
    const near = document.getElementById("near");
    if (!near || !words || !near.hidden) return;
    near.textContent = words;
    near.hidden = false;
    say(words);
  };
  const show = (stage, shown, longest) => {
    stage.hidden = false;
    stage.querySelectorAll("[data-veiled]").forEach((veiled) => { veiled.hidden = true; });
    stage.prepend(shown);
    timer = setTimeout(cover, longest);
  };

  const reveal = async (stage) => {
    cover();
    const mine = round;
    const got = await told(stage.dataset.reveal);
    if (mine !== round) return;
    remind(got.near);
    if (!got.path) return failed(stage, got.says);
    const image = new Image();
    image.dataset.original = "";
    image.alt = stage.dataset.name || "";
    image.draggable = false;
    image.addEventListener("load", () => { if (mine === round) show(stage, image, LONGEST_MS); });
    image.addEventListener("error", () => { if (mine === round) failed(stage); });
    image.src = got.path;
  };

  // --- videos ----------------------------------------------------------------------------------
  const speeds = () => document.getElementById("film-speed");
  const speed = () => Number(speeds() ? speeds().value : 1) || 1;
  const play = async (holder) => {
    cover();
    const mine = round;
    const stage = holder.closest("[data-failed]");
    const path = holder.dataset.play;
    const got = await told(path);
    if (mine !== round) {
      if (got.path) ask(`${got.path}/end`, true).catch(() => {});
      return;
    }
    remind(got.near);
    if (!got.path) return failed(stage, got.says);
    const film = document.createElement("video");
    film.dataset.original = path;
    film.dataset.playing = got.path;
    film.setAttribute("aria-label", stage.dataset.name || "");
    film.muted = true;
    film.defaultMuted = true;
    film.playsInline = true;
    film.disablePictureInPicture = true;
    film.disableRemotePlayback = true;
    film.preload = "auto";
    film.addEventListener("volumechange", () => { film.muted = true; });
    film.addEventListener("loadedmetadata", () => {
      if (mine !== round) return;
      const place = places.get(path) || 0;
      if (place > 0 && place < film.duration) film.currentTime = place;
      film.playbackRate = speed();
      show(stage, film, LONGEST_FILM_MS);
      film.play().catch(() => { if (mine === round) failed(stage); });
    });
    film.addEventListener("error", () => { if (mine === round && film.dataset.playing) failed(stage); });
    film.src = got.path;
  };
  const faster = (film, by) => {
    const list = speeds();
    if (!list) return;
    list.selectedIndex = Math.min(list.length - 1, Math.max(0, list.selectedIndex + by));
    film.playbackRate = speed();
  };
  const controls = {
    ArrowLeft: (film) => { film.currentTime = Math.max(0, film.currentTime - STEP_S); },
    ArrowRight: (film) => { film.currentTime = Math.min(film.duration || 0, film.currentTime + STEP_S); },
    ArrowUp: (film) => faster(film, 1),
    ArrowDown: (film) => faster(film, -1),
    ".": (film) => { if (film.paused) film.play().catch(() => {}); else film.pause(); },
  };
  document.addEventListener("keydown", (event) => {
    const film = document.querySelector("video[data-original]");
    const control = film && controls[event.key];
    if (!control) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    control(film);
  }, true);
  document.addEventListener("change", (event) => {
    const film = document.querySelector("video[data-original]");
    if (film && event.target === speeds()) film.playbackRate = speed();
  });

  document.addEventListener("meldpunt:reveal", (event) => {
    if (!(event.target instanceof HTMLElement)) return;
    if (event.target.dataset.reveal) reveal(event.target);
    else if (event.target.dataset.play) play(event.target);
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
