// What a page does beyond being read: definitions of terms on the spot, the place in the contents, reachable scrollers.
"use strict";

(() => {
  const OPEN_AFTER = 120; // ms of resting on a term
  const CLOSE_AFTER = 220; // ms to cross from the term to its definition
  const GAP = 8; // px

  let shown = null; // {term, box}
  let timer = 0;

  const boxOf = (term) => document.getElementById(term.getAttribute("aria-controls"));

  function place(term, box) {
    const lines = term.getClientRects();
    const line = lines[0] ?? term.getBoundingClientRect();
    const page = document.documentElement;
    const width = box.offsetWidth;
    const left = Math.min(Math.max(line.left + line.width / 2 - width / 2, GAP), page.clientWidth - width - GAP);
    const above = line.top - box.offsetHeight - GAP;
    const below = (lines[lines.length - 1] ?? line).bottom + GAP;
    const fits = below + box.offsetHeight <= window.innerHeight || above < 0;
    box.style.left = `${Math.max(left, GAP) + window.scrollX}px`;
    box.style.top = `${(fits ? below : above) + window.scrollY}px`;
  }

  function show(term) {
    clearTimeout(timer);
    if (shown?.term === term) return;
    hide();
    const box = boxOf(term);
    if (!box) return;
    box.hidden = false;
    place(term, box);
    term.setAttribute("aria-expanded", "true");
    shown = { term, box };
  }

  function hide() {
    clearTimeout(timer);
    if (!shown) return;
    shown.box.hidden = true;
    shown.term.setAttribute("aria-expanded", "false");
    shown = null;
  }

  function later(action, delay) {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  }

  function watchTerm(term) {
    let touched = false; // the tap under way began on a term that was not open
    term.setAttribute("aria-expanded", "false");
    term.addEventListener("pointerenter", (event) => {
      if (event.pointerType === "mouse") later(() => show(term), OPEN_AFTER);
    });
    term.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") later(hide, CLOSE_AFTER);
    });
    term.addEventListener("pointerdown", (event) => {
      touched = event.pointerType === "touch" && shown?.term !== term;
    });
    term.addEventListener("focus", () => {
      if (!touched) show(term);
    });
    term.addEventListener("blur", () => later(hide, CLOSE_AFTER));
    term.addEventListener("click", (event) => {
      // The first tap explains, the second one follows the link.
      if (!touched) return;
      touched = false;
      event.preventDefault();
      show(term);
    });
  }

  function watchBox(box) {
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") later(hide, CLOSE_AFTER);
    });
  }

  function watchPlace(contents) {
    let current = null;
    const mark = () => {
      const links = [...contents.querySelectorAll("a")];
      const found = links.findLast((link) => {
        const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
        return heading && heading.getBoundingClientRect().top < 120;
      });
      if (found === current) return;
      current?.removeAttribute("aria-current");
      found?.setAttribute("aria-current", "true");
      current = found;
    };
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        mark();
      });
    }, { passive: true });
    mark();
  }

  // A formula in a sentence does not break; one that is wider than its column scrolls in a box of its own.
  function fitFormulas() {
    for (const formula of document.querySelectorAll('main math[display="inline"]')) {
      const column = formula.closest("p, li, dd, dt, figcaption, h1, h2, h3, h4, h5, h6");
      let box = formula.closest(".long-formula");
      if (!column || formula.closest(".scroll:not(.long-formula)")) continue;
      const style = getComputedStyle(column);
      const room = column.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      const fits = formula.getBoundingClientRect().width <= room + 1;
      if (fits && !box) continue;
      if (!box) {
        box = document.createElement("span");
        box.className = "long-formula";
        formula.replaceWith(box);
        box.append(formula);
      }
      box.classList.toggle("scroll", !fits);
    }
  }

  function reachScrollers() {
    fitFormulas();
    for (const box of document.querySelectorAll(".scroll")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  const known = new WeakSet();

  function meet(selector, watch) {
    for (const node of document.querySelectorAll(selector)) {
      if (known.has(node)) continue;
      known.add(node);
      watch(node);
    }
  }

  function prepare() {
    meet(".term[aria-controls]", watchTerm);
    meet(".definition", watchBox);
    meet(".contents details", watchContents);
    if (shown && !shown.term.isConnected) shown = null;
    reachScrollers();
  }

  function watchContents(contents) {
    const wide = matchMedia("(min-width: 62.001rem)");
    const follow = () => { contents.open = wide.matches; };
    wide.addEventListener("change", follow);
    follow();
    watchPlace(contents);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("pointerdown", (event) => {
    if (shown && !shown.box.contains(event.target) && !shown.term.contains(event.target)) hide();
  });
  addEventListener("resize", () => {
    reachScrollers();
    if (shown) place(shown.term, shown.box);
  });
  prepare();
  addEventListener("load", reachScrollers);
  document.addEventListener("marovi:changed", prepare); // the live preview put something new in its place
})();
