// The list of topics follows what happens: rows that changed are written anew in their places, the others stay.
"use strict";

(() => {
  const list = document.getElementById("_standing");
  if (!list) return;
  const BESIDE = ["_choices", "_shared", "_counted", "_none"]; // what else on the page follows
  let isAsking = false;
  let isWaiting = false; // something happened while the last answer was on its way

  // What has the focus, in words by which it is found again in a row written anew.
  function held(row) {
    const focused = document.activeElement;
    if (!row.contains(focused)) return null;
    const same = [...row.querySelectorAll(focused.localName)];
    return { name: focused.localName, href: focused.getAttribute("href"), place: same.indexOf(focused) };
  }

  function focusAgain(row, was) {
    const same = [...row.querySelectorAll(was.name)];
    const found = same.find((one) => one.getAttribute("href") === was.href) ?? same[was.place] ?? row.querySelector("a");
    found?.focus({ preventScroll: true });
  }

  function replace(live, fresh) {
    if (live.isEqualNode(fresh)) return live;
    const was = held(live);
    const now = document.importNode(fresh, true);
    live.replaceWith(now);
    if (was) focusAgain(now, was);
    return now;
  }

  // Rows do not change places while somebody looks: a new order comes with the next visit.
  function take(page) {
    const theirs = page.getElementById("_standing");
    if (!theirs) return;
    const fresh = new Map([...theirs.children].map((row) => [row.id, row]));
    for (const row of [...list.children]) {
      if (fresh.has(row.id)) replace(row, fresh.get(row.id));
      else if (!row.contains(document.activeElement)) row.remove();
    }
    let before = null;
    for (const row of theirs.children) {
      let live = document.getElementById(row.id);
      if (!live) {
        live = document.importNode(row, true);
        if (before) before.after(live);
        else list.prepend(live);
      }
      before = live;
    }
    for (const id of BESIDE) {
      const [live, next] = [document.getElementById(id), page.getElementById(id)];
      if (!live || !next) continue;
      if (live.role !== "status") replace(live, next);
      else if (live.textContent !== next.textContent) live.textContent = next.textContent; // and so it is read out
    }
  }

  // What one looks at stays where it is: the row with the focus, else the first one that begins in the window.
  function keepingPlace(change) {
    const isSeen = (row) => {
      const box = row.getBoundingClientRect();
      return box.bottom > 0 && box.top < innerHeight;
    };
    const rows = [...list.children].filter(isSeen);
    const seen = rows.find((row) => row.contains(document.activeElement))
      ?? rows.find((row) => row.getBoundingClientRect().top >= 0) ?? rows[0];
    const top = seen?.getBoundingClientRect().top;
    change();
    const now = seen && document.getElementById(seen.id);
    if (now && scrollY > 0) scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
  }

  async function follow() {
    if (isAsking) {
      isWaiting = true;
      return;
    }
    isAsking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        keepingPlace(() => take(page));
      }
    } catch {
      // the preview has ended: the bar says so
    } finally {
      isAsking = false;
    }
    if (isWaiting) {
      isWaiting = false;
      follow();
    }
  }

  document.addEventListener("marovi:topics", follow);
})();
