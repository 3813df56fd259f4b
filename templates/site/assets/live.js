// A page that follows its source: what changed is put in its place, what is wrong is said where it stands.
"use strict";

(() => {
  const bar = document.querySelector(".live-bar");
  if (!bar) return;
  const path = bar.dataset.path || location.pathname.slice(1);
  const own = document.querySelector(".live-state");
  let digest = document.body.dataset.digest || "";
  let source = null; // the events, while somebody looks
  let retry = 0;
  let written = new DOMParser().parseFromString(document.documentElement.outerHTML, "text/html"); // as the server wrote it
  let problems = [];
  let formulas = null;
  let ruled = null;

  const say = (key, ...pieces) =>
    (bar.getAttribute(`data-say-${key}`) ?? "").replace(/\$([1-9])/g, (_, number) => pieces[number - 1] ?? "");

  // --- putting a new version of the page in the place of the old one ----------------------------------

  // Inside these only what changed is touched; anything else is replaced as a whole.
  const OPEN = new Set(["BODY", "MAIN", "DIV", "SECTION", "ARTICLE", "ASIDE", "NAV", "HEADER", "FOOTER", "UL", "OL", "DL", "DETAILS"]);
  const CLOSED = ".cell, .formula, .scroll, .definition";
  // An element that is put among others makes a browser look at the styles of all of them again, for rules of its own
  // about formulas that name siblings; what is put into an element does not. So these stay, with new words inside.
  const FILLED = new Set(["P", "H2", "H3", "H4", "LI", "DT", "DD", "TD", "TH", "CAPTION", "FIGCAPTION"]);

  function isOpen(node) {
    return node.nodeType === Node.ELEMENT_NODE && OPEN.has(node.tagName) && !node.matches(CLOSED);
  }

  function sameKind(one, other) {
    return one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id ?? "") === (other.id ?? "");
  }

  // What the source's lines are called may move without anything else: that is no change to look at.
  const LINES = "data-line";

  const withLines = (node) => [node, ...node.querySelectorAll(`[${LINES}]`)];

  function unlined(node) {
    const copy = node.cloneNode(true);
    if (copy.nodeType !== Node.ELEMENT_NODE) return copy;
    for (const one of withLines(copy)) one.removeAttribute(LINES);
    return copy;
  }

  const unlinedWords = new WeakMap();

  function wordsOf(node) {
    let words = unlinedWords.get(node);
    if (words === undefined) {
      const copy = unlined(node);
      words = copy.outerHTML ?? copy.textContent;
      unlinedWords.set(node, words);
    }
    return words;
  }

  function same(one, other) {
    if (one.isEqualNode(other)) return true;
    // what is patched inside need not be looked at as a whole
    return sameKind(one, other) && !isOpen(one) && wordsOf(one) === wordsOf(other);
  }

  function takeLines(shown, fresh) {
    if (shown.nodeType !== Node.ELEMENT_NODE) return;
    const [mine, theirs] = [shown, fresh].map(withLines);
    if (mine.length !== theirs.length) return;
    mine.forEach((node, index) => {
      const line = theirs[index].getAttribute(LINES);
      if (line !== null) node.setAttribute(LINES, line);
    });
  }

  function takeAttributes(live, old, fresh) {
    const attributes = new Set([...old.attributes, ...fresh.attributes].map((one) => one.name));
    for (const name of attributes) {
      const value = fresh.getAttribute(name);
      if (old.getAttribute(name) === value) continue;
      if (value === null) live.removeAttribute(name);
      else live.setAttribute(name, value);
    }
  }

  function refill(live, old, fresh) {
    takeAttributes(live, old, fresh);
    live.replaceChildren(...document.importNode(fresh, true).childNodes);
  }

  const isWritten = (node) => !node.dataset || !("live" in node.dataset);

  // The live node stands for the old one of the version that the server wrote before; what scripts put beside the
  // nodes of that version has the attribute data-live and is left where it is.
  function patch(live, old, fresh, touched) {
    if (old.isEqualNode(fresh)) return;
    takeAttributes(live, old, fresh);
    const shown = [...live.childNodes].filter(isWritten);
    const before = [...old.childNodes];
    const after = [...fresh.childNodes];
    if (shown.length !== before.length) {
      live.replaceChildren(...after.map((node) => document.importNode(node, true)));
      touched.push(live);
      return;
    }
    let first = 0;
    while (first < before.length && first < after.length && same(before[first], after[first])) {
      takeLines(shown[first], after[first]);
      first += 1;
    }
    let lastBefore = before.length;
    let lastAfter = after.length;
    while (lastBefore > first && lastAfter > first && same(before[lastBefore - 1], after[lastAfter - 1])) {
      lastBefore -= 1;
      lastAfter -= 1;
      takeLines(shown[lastBefore], after[lastAfter]);
    }
    putIn(live, shown, first, pairs(before.slice(first, lastBefore), after.slice(first, lastAfter)), touched);
  }

  // Makes what became of the nodes from a place on true of those that are shown.
  function putIn(live, shown, place, gone, touched) {
    for (const [was, now] of gone) {
      if (was === null) {
        const fresh = document.importNode(now, true);
        live.insertBefore(fresh, shown[place] ?? null);
        touched.push(fresh);
        continue;
      }
      const node = shown[place];
      place += 1;
      if (now === null) {
        node.remove();
      } else if (same(was, now)) {
        takeLines(node, now);
      } else if (isOpen(was) && sameKind(was, now)) {
        patch(node, was, now, touched);
      } else if (FILLED.has(was.tagName) && sameKind(was, now) && !was.matches(CLOSED)) {
        refill(node, was, now);
        touched.push(node);
      } else {
        const fresh = document.importNode(now, true);
        node.replaceWith(fresh);
        touched.push(fresh);
      }
    }
  }

  // Which of the old nodes became which of the new ones: equal ones stay, what lies between them is paired by kind.
  function pairs(before, after) {
    if (before.length * after.length > 250000) {
      return [...before.map((node) => [node, null]), ...after.map((node) => [null, node])];
    }
    const length = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
    for (let i = before.length - 1; i >= 0; i -= 1) {
      for (let j = after.length - 1; j >= 0; j -= 1) {
        length[i][j] = same(before[i], after[j]) ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
    }
    const found = [];
    let removed = [];
    let added = [];
    const flush = () => {
      for (const was of removed) {
        const index = added.findIndex((now) => sameKind(was, now));
        if (index < 0) {
          found.push([was, null]);
        } else {
          for (const now of added.splice(0, index)) found.push([null, now]);
          found.push([was, added.shift()]);
        }
      }
      for (const now of added) found.push([null, now]);
      removed = [];
      added = [];
    };
    let [i, j] = [0, 0];
    while (i < before.length || j < after.length) {
      if (i < before.length && j < after.length && same(before[i], after[j])) {
        flush();
        found.push([before[i], after[j]]);
        i += 1;
        j += 1;
      } else if (j >= after.length || (i < before.length && length[i + 1][j] >= length[i][j + 1])) {
        removed.push(before[i]);
        i += 1;
      } else {
        added.push(after[j]);
        j += 1;
      }
    }
    flush();
    return found;
  }

  // What the reader looks at stays where it is on the screen.
  function keepingPlace(change) {
    const height = bar.getBoundingClientRect().bottom;
    const seen = scrollY > 0 && [...document.querySelectorAll(`main [${LINES}]`)].find((node) => node.getBoundingClientRect().bottom > height);
    const top = seen ? seen.getBoundingClientRect().top : 0;
    const focused = document.activeElement;
    change();
    if (seen && seen.isConnected) scrollBy({ top: seen.getBoundingClientRect().top - top, behavior: "instant" });
    if (focused?.id && !focused.isConnected) document.getElementById(focused.id)?.focus({ preventScroll: true });
  }

  // Whether what changed could be put in its place; it could not where the page here is another than the server takes it for.
  function putChanges({ count, spliced, moved }, touched) {
    const [live, old] = [document, written].map((one) => one.querySelector("#_text"));
    const shown = () => [...(live?.children ?? [])].filter(isWritten);
    if (!old || old.children.length !== count || shown().length !== count) return false;
    if ([...live.childNodes].filter(isWritten).length !== old.childNodes.length) return false;
    keepingPlace(() => {
      clearProblems();
      for (const [place, gone, html] of [...spliced].reverse()) {
        const holder = document.createElement("template");
        holder.innerHTML = html.join("");
        const [was, now] = [[...old.children].slice(place, place + gone), [...holder.content.children]];
        putIn(live, shown(), place, pairs(was, now), touched);
        const next = old.children[place + gone] ?? null;
        for (const node of now) old.insertBefore(written.importNode(node, true), next);
        for (const node of was) node.remove();
      }
      for (const blocks of [shown(), [...old.children]]) {
        for (const [place, number, step] of moved) {
          for (const block of blocks.slice(place, place + number)) moveLines(block, step);
        }
      }
      showProblems();
    });
    return true;
  }

  function moveLines(block, step) {
    for (const node of withLines(block)) {
      const line = node.getAttribute(LINES);
      if (line !== null) node.setAttribute(LINES, Number(line) + step);
    }
  }

  function putPage(html, touched) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    keepingPlace(() => {
      clearProblems();
      document.title = fresh.title;
      for (const area of ["main", ".contents", ".masthead"]) {
        const [live, old, next] = [document, written, fresh].map((one) => one.querySelector(area));
        if (live && old && next) patch(live, old, next, touched);
        else if (live) live.remove();
        else if (next) document.querySelector(".sheet").prepend(document.importNode(next, true));
      }
      document.querySelector(".sheet").className = fresh.querySelector(".sheet").className; // with contents or without
      showProblems();
    });
    written = fresh;
  }

  function takeFormulas(rules) {
    if (rules === undefined || rules === ruled) return;
    ruled = rules; // new rules make the browser look at the whole page again
    formulas ??= new CSSStyleSheet();
    formulas.replaceSync(rules);
    if (!document.adoptedStyleSheets.includes(formulas)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, formulas];
  }

  function afterFrame(act) {
    requestAnimationFrame(() => setTimeout(act));
  }

  function show({ html, changes, digest: now, formulas: rules }) {
    takeFormulas(rules);
    const touched = [];
    if (html !== undefined) {
      putPage(html, touched);
    } else if (!putChanges(changes, touched)) {
      digest = ""; // to be told the whole page
      rest();
      listen();
      return;
    }
    digest = now;
    if (now) document.body.dataset.digest = now;
    // what makes terms and scrollers work looks at the whole page, and has time until the words are on the screen
    afterFrame(() => document.dispatchEvent(new CustomEvent("marovi:changed", { detail: { touched } })));
    const moving = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const node of touched) {
      if (moving && node.nodeType === Node.ELEMENT_NODE) node.animate?.([{ backgroundColor: "var(--mark)" }, {}], 900);
    }
  }

  // --- what is wrong ------------------------------------------------------------------------------------

  function clearProblems() {
    for (const node of document.querySelectorAll(".live-problem")) node.remove();
  }

  function element(name, classes, text) {
    const node = document.createElement(name);
    if (classes) node.className = classes;
    if (text) node.textContent = text;
    return node;
  }

  const placeOf = ({ where }) => `${where.file}:${where.line}:${where.column}`;

  function box(problem) {
    const node = element("aside", `live-problem ${problem.severity}`);
    node.dataset.live = "";
    const kind = say(problem.severity === "error" ? "problem" : "warning");
    node.setAttribute("aria-label", kind);
    const head = element("p", "place", `${kind} · ${placeOf(problem)}`);
    const words = element("p", "", problem.message);
    node.append(head, words);
    if (problem.remedy) node.append(element("p", "remedy", problem.remedy));
    if (problem.excerpt) {
      const code = element("pre", "scroll");
      code.append(element("code", "", problem.excerpt));
      node.append(code);
    }
    if (problem.code) {
      const more = element("a", "", say("explain", problem.code));
      more.href = `/_live/explain/${encodeURIComponent(problem.code)}?in=${bar.dataset.language}`;
      const line = element("p", "more");
      line.append(more);
      node.append(line);
    }
    return node;
  }

  function showProblems() {
    clearProblems();
    const text = document.querySelector("#_text") ?? document.querySelector("main");
    if (!text || document.querySelector(".live-problems")) return;
    const blocks = [...text.querySelectorAll(`[${LINES}]`)].map((node) => [Number(node.getAttribute(LINES)), node]);
    for (const problem of problems) {
      let place = null;
      const isInText = !problem.where.file.endsWith("/results.json"); // whose lines are none of this page
      for (const [line, node] of isInText ? blocks : []) if (line <= problem.where.line) place = node;
      // a box stands between blocks, not inside a list, a table or a cell
      while (place && place.parentElement !== text && !place.parentElement.matches("section, blockquote, .admonition")) place = place.parentElement;
      if (place) place.after(box(problem));
      else text.prepend(box(problem));
    }
  }

  // --- the bar --------------------------------------------------------------------------------------------

  function state({ topic, counts, elsewhere, here, old, gone }) {
    problems = here;
    keepingPlace(showProblems);
    document.documentElement.classList.toggle("live-old", old);
    const named = topic ? topic.state : Object.keys(counts)[0] ?? "clean";
    bar.dataset.state = elsewhere.length ? "failing" : named;
    own.textContent = topic ? words(topic, elsewhere) : elsewhere.length ? say("failing", elsewhere.length) : "";
    if (gone) own.textContent = say("gone");
    const all = [...elsewhere, ...(topic?.problems ?? [])];
    if (old && (all.length || here.length)) own.append(` · ${say("old")}`);
    const others = all.filter((one) => !here.some((other) => one.where.file === other.where.file));
    own.title = others.map((one) => say("in-file", placeOf(one), one.message)).join("\n");
  }

  function words(topic, elsewhere) {
    const running = topic.running;
    if (running) {
      if (running.again) return running.number ? say("again", running.number, running.total) : say("clean");
      return running.number ? say("running", running.number, running.total, running.cell) : say("stale");
    }
    const count = topic.problems.length + elsewhere.length;
    return say(topic.state, count);
  }

  // The preview's own pages are made anew when they are asked for: those that show text of articles ask when it changes.
  const FOLLOWS = /^\/_live\/(?:beside|origin|explain|search)\b/;
  let asking = null;

  async function again() {
    if (!FOLLOWS.test(location.pathname)) return;
    asking?.abort();
    asking = new AbortController();
    let html;
    try {
      const answer = await fetch(location.href, { signal: asking.signal });
      if (!answer.ok) return; // what was there stays until the mistake is mended
      html = await answer.text();
    } catch {
      return; // asked anew meanwhile, or the preview has ended, as the bar says
    }
    show({ html, digest });
  }

  // --- listening --------------------------------------------------------------------------------------------

  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(`/_live/events?page=${encodeURIComponent(path)}&digest=${digest}`);
    const hear = (name, take) => source.addEventListener(name, (event) => take(JSON.parse(event.data)));
    source.addEventListener("open", () => bar.classList.remove("lost"));
    source.addEventListener("error", () => {
      bar.classList.add("lost");
      own.textContent = say("lost");
      // the address says which version is here, so a new connection begins with a new address
      rest();
      clearTimeout(retry);
      retry = setTimeout(listen, 1000);
    });
    hear("page", show);
    hear("state", state);
    hear("topics", (detail) => document.dispatchEvent(new CustomEvent("marovi:topics", { detail })));
    hear("again", again);
  }

  function rest() {
    source?.close();
    source = null;
  }

  // A browser opens few connections to one host: a page that nobody looks at lets go of its own.
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  listen();
})();
