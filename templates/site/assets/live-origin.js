// Where a number, a figure or a cell comes from, told in a panel beside the text: by click, or by keyboard.
"use strict";

(() => {
  const bar = document.querySelector(".live-bar");
  const panel = document.querySelector(".origin-panel");
  if (!bar || !panel || !bar.dataset.slug) return;

  const KEPT = "marovi-numbers"; // whether numbers are stops of the Tab key, for this window
  const THINGS = ".value[data-value], figure[data-figure], .cell[data-cell]";
  const toggle = bar.querySelector(".live-numbers");
  const body = panel.querySelector(".panel-body");
  const wait = panel.querySelector(".wait");
  const failed = panel.querySelector(".failed");
  const whole = panel.querySelector(".whole");
  const { slug, language } = bar.dataset;

  let stops = sessionStorage.getItem(KEPT) === "yes";
  let shown = null; // {kind, names}: the thing on the page whose origin is told
  let asked = 0;

  // --- what can be asked about ---------------------------------------------------------------------

  function kindOf(thing) {
    if (thing.matches("figure")) return { kind: "figure", names: [thing.dataset.figure] };
    if (thing.matches(".cell")) return { kind: "cell", names: [thing.dataset.cell] };
    return { kind: "value", names: thing.dataset.value.split(" ") };
  }

  // A number inside a link or a folded title belongs to that; one in the panel or in a popup leads nowhere.
  const isFree = (thing) => !thing.closest("a, summary, button, .origin-panel, .definition");
  const things = () => [...document.querySelectorAll(THINGS)].filter(isFree);
  const handleOf = (thing) => thing.querySelector(":scope > .origin-open") ?? thing;

  function mark() {
    document.body.classList.toggle("with-origins", stops);
    for (const thing of things()) {
      if (thing.matches(".value")) markValue(thing);
      else markBlock(thing);
    }
  }

  function markValue(thing) {
    if (stops === (thing.getAttribute("role") === "button")) return;
    if (stops) {
      thing.setAttribute("role", "button");
      thing.setAttribute("aria-haspopup", "dialog");
      if (thing.querySelector("math")) thing.setAttribute("aria-label", spoken(thing));
      thing.tabIndex = 0;
    } else {
      for (const name of ["role", "aria-haspopup", "aria-label", "tabindex"]) thing.removeAttribute(name);
    }
  }

  // A button takes no name from a formula: it is called what can be seen, without the TeX that stands hidden in it.
  function spoken(thing) {
    const copy = thing.cloneNode(true);
    copy.querySelectorAll("annotation").forEach((one) => one.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function markBlock(thing) {
    let button = thing.querySelector(":scope > .origin-open");
    if (!button) {
      button = document.createElement("button");
      button.type = "button";
      button.className = "origin-open";
      button.dataset.live = ""; // not of the server: see live.js
      button.setAttribute("aria-haspopup", "dialog");
      button.textContent = panel.dataset.open;
      thing.append(button);
    }
    button.tabIndex = stops ? 0 : -1;
  }

  // --- the panel -----------------------------------------------------------------------------------

  const addressOf = (kind, name) =>
    `/_live/origin/${slug}/${kind}/${encodeURIComponent(name)}?in=${encodeURIComponent(language)}`;

  // What is told of may have been replaced by a new version of itself.
  const current = () => (shown?.thing.isConnected ? shown.thing : things().find((one) => sameAs(kindOf(one), shown)));
  const sameAs = (one, other) => one.kind === other.kind && one.names.join(" ") === other.names.join(" ");

  async function open(thing) {
    const { kind, names } = kindOf(thing);
    keepingPlace(thing, () => {
      unmark();
      shown = { kind, names, thing };
      thing.classList.add("origin-shown");
      panel.hidden = false;
      document.body.classList.add("beside-origin");
    });
    await fill(names.map((name) => addressOf(kind, name)), true);
  }

  // The text becomes narrower or wider: what was looked at stays where it was, or comes into sight.
  function keepingPlace(thing, change) {
    const before = thing.getBoundingClientRect().top;
    change();
    const after = thing.getBoundingClientRect();
    scrollBy({ top: after.top - before, behavior: "instant" });
    const top = thing.getBoundingClientRect().top;
    const room = panel.hidden || panel.getBoundingClientRect().top < 80 ? innerHeight : panel.getBoundingClientRect().top;
    if (top > room - 60) scrollBy({ top: top - room / 2, behavior: "instant" });
  }

  async function fill(addresses, isNew) {
    const turn = ++asked;
    whole.href = addresses[0];
    failed.hidden = true;
    if (isNew) {
      wait.hidden = false;
      body.replaceChildren();
      panel.querySelector(".close").focus({ preventScroll: true });
    }
    try {
      const found = await Promise.all(addresses.map(fetched));
      if (turn !== asked || panel.hidden) return;
      body.replaceChildren(...found);
      if (isNew) {
        panel.scrollTop = 0;
        body.querySelector("h2")?.focus({ preventScroll: true });
      }
      reachScrollers();
    } catch {
      if (turn === asked) failed.hidden = false;
    } finally {
      if (turn === asked) wait.hidden = true;
    }
  }

  // The server's own HTML: parsed as a document in which nothing runs, its nodes taken over without scripts.
  async function fetched(address) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(`${answer.status} ${address}`);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("_origin");
    if (!found) throw new Error(address);
    found.querySelectorAll("script").forEach((script) => script.remove());
    found.removeAttribute("id");
    return document.adoptNode(found);
  }

  // The page looks anew at what scrolls in it; in the panel some things scroll downwards.
  function reachScrollers() {
    dispatchEvent(new Event("resize"));
    for (const box of body.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.tabIndex = 0;
    }
  }

  function unmark() {
    document.querySelectorAll(".origin-shown").forEach((one) => one.classList.remove("origin-shown"));
  }

  function close() {
    if (panel.hidden) return;
    asked += 1;
    const thing = current();
    const change = () => {
      panel.hidden = true;
      document.body.classList.remove("beside-origin");
      unmark();
    };
    if (thing) keepingPlace(thing, change);
    else change();
    shown = null;
    dispatchEvent(new Event("resize"));
    if (!thing) return;
    const handle = handleOf(thing);
    if (!handle.hasAttribute("tabindex")) handle.tabIndex = -1;
    handle.focus({ preventScroll: true });
  }

  function showCell(label) {
    const cell = things().find((thing) => thing.dataset.cell === label);
    if (!cell) return false;
    const folded = cell.querySelector("details");
    if (folded) folded.open = true;
    unmark();
    cell.classList.add("origin-shown");
    cell.scrollIntoView({ block: "start" });
    handleOf(cell).focus({ preventScroll: true });
    return true;
  }

  // --- what people do ------------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest(".origin-panel a");
    if (link) {
      if (link.dataset.toCell ? showCell(link.dataset.toCell) : link.dataset.origin) {
        event.preventDefault();
        if (link.dataset.origin) fill([link.getAttribute("href")], true);
      }
      return;
    }
    if (event.target.closest(".origin-panel .close")) return void close();
    const button = event.target.closest(".origin-open");
    const thing = button ? button.parentElement : event.target.closest(".value[data-value]");
    if (!thing || !isFree(thing) || (!button && String(getSelection()))) return;
    if (shown?.thing === thing) close();
    else open(thing);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!panel.hidden) close();
      return;
    }
    const thing = event.target.closest?.('.value[role="button"]');
    if (thing && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      open(thing);
    }
  });

  if (toggle) {
    toggle.hidden = false;
    toggle.setAttribute("aria-pressed", String(stops));
    toggle.addEventListener("click", () => {
      stops = !stops;
      sessionStorage.setItem(KEPT, stops ? "yes" : "no");
      toggle.setAttribute("aria-pressed", String(stops));
      mark();
    });
  }

  // A saved file changes the page in place: what came is marked, and what the panel tells is told anew.
  const isOurs = (node) => node.nodeType === Node.ELEMENT_NODE && node.matches(".origin-open, .long-formula, math");
  let waiting = false;
  new MutationObserver((records) => {
    const others = records.some((one) => [...one.addedNodes, ...one.removedNodes].some((node) => !isOurs(node)));
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mark();
      if (!others || panel.hidden || !shown) return;
      const thing = current();
      if (thing) {
        shown.thing = thing;
        thing.classList.add("origin-shown");
      }
      fill(shown.names.map((name) => addressOf(shown.kind, name)), false);
    });
  }).observe(document.getElementById("_main"), {
    childList: true, subtree: true, attributes: true, attributeFilter: ["role", "data-value"],
  });
  mark();
})();
