// The desk by keyboard. Nothing is stored, nothing is evaluated, no style is written.
//
//   data-key="i"          the element is clicked when i is pressed (shown to the reader as <kbd>)
//   data-go="q"           a link followed by g and then q
//   data-sheet="ID"       opens the dialog with this id; ? opens "keys"
//   data-hide-all         hides the screen at once, as Escape does; fires "meldpunt:hide" on document
//   data-hold="ID"        while held (mouse, touch, space or enter) fires "meldpunt:reveal" on the
//                         element with this id, and "meldpunt:cover" when let go, hidden or unfocused
//   data-move="SELECTOR"  on a container: the arrow keys and j/k move the focus over its matches
//   data-autofocus        receives the focus after the page or a part of it was replaced
(() => {
  "use strict";
  const find = (selector, root = document) => root.querySelector(selector);
  const shown = (element) => element.getClientRects().length > 0 && !element.closest("[hidden], [inert]");
  const typing = (target) =>
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));

  // --- hide everything -------------------------------------------------------------------------
  const veil = find("#veil");
  const parts = () => [...document.body.children].filter((part) => part !== veil && part.tagName !== "SCRIPT");
  let before = null;
  const hide = () => {
    letGo();
    document.dispatchEvent(new CustomEvent("meldpunt:hide"));
    if (!veil || !veil.hidden) return;
    before = document.activeElement;
    document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
    document.querySelectorAll("video, audio").forEach((media) => media.pause());
    veil.hidden = false;
    parts().forEach((part) => { part.inert = true; });
    veil.tabIndex = -1;
    veil.focus();
  };
  const unhide = () => {
    if (!veil || veil.hidden) return;
    veil.hidden = true;
    parts().forEach((part) => { part.inert = false; });
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };

  // --- hold to reveal --------------------------------------------------------------------------
  let held = null;
  const tell = (name, holder) => {
    const target = document.getElementById(holder.dataset.hold) || holder;
    target.dispatchEvent(new CustomEvent(name, { bubbles: true }));
  };
  const hold = (holder) => {
    if (held) return;
    held = holder;
    holder.setAttribute("aria-pressed", "true");
    tell("meldpunt:reveal", holder);
  };
  const letGo = () => {
    if (!held) return;
    const holder = held;
    held = null;
    holder.setAttribute("aria-pressed", "false");
    tell("meldpunt:cover", holder);
  };
  document.addEventListener("pointerdown", (event) => {
    const holder = event.target instanceof Element && event.target.closest("[data-hold]");
    if (holder) hold(holder);
  });
  for (const name of ["pointerup", "pointercancel", "dragstart"]) document.addEventListener(name, letGo);
  window.addEventListener("blur", letGo);
  document.addEventListener("visibilitychange", () => { if (document.hidden) letGo(); });
  document.addEventListener("keyup", (event) => {
    if (held && (event.key === " " || event.key === "Enter" || event.key === held.dataset.key)) letGo();
  });

  // --- the shortcut sheet ----------------------------------------------------------------------
  const fillSheet = (sheet) => {
    const list = find("[data-keys-list]", sheet);
    if (!list) return;
    list.querySelectorAll("[data-found]").forEach((row) => row.remove());
    const seen = new Set();
    document.querySelectorAll("[data-key]").forEach((element) => {
      const key = element.dataset.key;
      if (seen.has(key) || !shown(element)) return;
      seen.add(key);
      const row = document.createElement("div");
      row.dataset.found = "";
      const term = document.createElement("dt");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      term.append(cap);
      const says = document.createElement("dd");
      const copy = element.cloneNode(true);
      copy.querySelectorAll("kbd").forEach((part) => part.remove());
      says.textContent = element.dataset.keyLabel || element.getAttribute("aria-label") || copy.textContent.trim();
      row.append(term, says);
      list.append(row);
    });
  };
  const openSheet = (id) => {
    const sheet = document.getElementById(id);
    if (!(sheet instanceof HTMLDialogElement) || sheet.open) return;
    fillSheet(sheet);
    sheet.showModal();
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    if (veil && veil.contains(target)) return unhide();
    const opener = target.closest("[data-sheet]");
    if (opener) return openSheet(opener.dataset.sheet);
    if (target.closest("[data-hide-all]")) hide();
  });

  // --- keys ------------------------------------------------------------------------------------
  let going = 0;
  const go = (key) => {
    const link = [...document.querySelectorAll("[data-go]")].find((one) => one.dataset.go === key);
    if (link) link.click();
  };
  const move = (event) => {
    const steps = { ArrowRight: 1, ArrowDown: 1, j: 1, ArrowLeft: -1, ArrowUp: -1, k: -1, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined) return false;
    const active = document.activeElement;
    const inside = active instanceof Element && active.closest("[data-move]");
    const letter = event.key === "j" || event.key === "k";
    const box = inside || (letter && find("[data-move]"));
    if (!box) return false;
    const all = [...box.querySelectorAll(box.dataset.move)].filter(shown);
    if (!all.length) return false;
    const at = all.findIndex((one) => one === active || one.contains(active));
    const next = Math.min(all.length - 1, Math.max(0, at + step));
    all[next].focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const dialog = find("dialog[open]");
      if (dialog) return;
      event.preventDefault();
      return veil && !veil.hidden ? undefined : hide();
    }
    if (veil && !veil.hidden) {
      if (event.key === "Enter") { event.preventDefault(); unhide(); }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (find("dialog[open]")) return;
    if (event.target instanceof Element && event.target.matches("[data-hold]") && (event.key === " " || event.key === "Enter")) {
      event.preventDefault();
      if (!event.repeat) hold(event.target);
      return;
    }
    if (event.key === "?") { event.preventDefault(); return openSheet("keys"); }
    if (going && Date.now() - going < 1500) {
      going = 0;
      event.preventDefault();
      return go(event.key);
    }
    if (event.key === "g" && find("[data-go]")) { going = Date.now(); return; }
    const target = [...document.querySelectorAll("[data-key]")]
      .find((one) => one.dataset.key === event.key && shown(one) && !one.disabled && one.getAttribute("aria-disabled") !== "true");
    if (target) {
      event.preventDefault();
      if (event.repeat) return;
      if (target.matches("[data-hold]")) return hold(target);
      if (target.matches("input, select, textarea")) target.focus();
      return target.click();
    }
    if (move(event)) event.preventDefault();
  });

  // --- with htmx -------------------------------------------------------------------------------
  const settle = () => { const wants = find("[data-autofocus]"); if (wants && shown(wants)) wants.focus(); };
  document.addEventListener("DOMContentLoaded", settle);
  for (const name of ["htmx:after:swap", "htmx:afterSwap"]) document.addEventListener(name, settle);
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail && event.detail.ctx && event.detail.ctx.request;
    const token = document.body.dataset.formToken;
    if (request && token) request.headers["X-Form-Token"] = token;
  });
})();
