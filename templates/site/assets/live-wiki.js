// The frame with the wiki's own page: as tall as what stands in it, at the section that the address names, and asked for
// again when its source has changed.
"use strict";

(() => {
  const around = document.querySelector(".on-wiki");
  if (!around) return;
  const watched = new WeakSet();
  let source = null; // what tells that the page's source has changed, while somebody looks
  let digest = "";

  const frame = () => around.querySelector("iframe.wiki-page");

  function fit(one) {
    const inside = one.contentDocument;
    if (!inside?.body) return;
    const border = one.offsetHeight - one.clientHeight;
    const height = `${Math.ceil(inside.documentElement.getBoundingClientRect().height) + border}px`;
    if (inside.body.childElementCount && one.style.height !== height) one.style.height = height;
  }

  function toSection() {
    const one = frame();
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && one?.contentDocument?.getElementById(id);
    if (!target) return;
    const top = one.getBoundingClientRect().top + target.getBoundingClientRect().top + scrollY;
    const bars = document.querySelector(".masthead")?.getBoundingClientRect().bottom ?? 0;
    scrollTo({ top: top - Math.max(bars, 0) - 8, behavior: "instant" });
  }

  function ready(one) {
    const inside = one.contentDocument;
    if (!inside?.body || inside.URL === "about:blank") return;
    fit(one);
    new ResizeObserver(() => fit(one)).observe(inside.documentElement);
    if (!watched.has(one)) toSection();
    watched.add(one);
  }

  function watch() {
    const one = frame();
    if (!one) return;
    one.addEventListener("load", () => ready(one));
    if (one.contentDocument?.readyState === "complete") ready(one);
  }

  // The frame itself stays, so that what is in it is replaced only when it is another, and nothing jumps meanwhile.
  async function again() {
    const answer = await fetch(location.pathname + location.search);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".on-wiki");
    const [shown, next] = [frame(), fresh?.querySelector("iframe.wiki-page")];
    if (!fresh) return;
    if (!shown || !next) {
      around.replaceChildren(...fresh.childNodes);
      watch();
      return;
    }
    if (shown.getAttribute("src") !== next.getAttribute("src")) shown.setAttribute("src", next.getAttribute("src"));
    const place = [...fresh.children].indexOf(next);
    const others = [...fresh.children];
    for (const old of [...around.children]) if (old !== shown) old.remove();
    shown.before(...others.slice(0, place));
    shown.after(...others.slice(place + 1));
  }

  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(`/_live/events?page=${encodeURIComponent(around.dataset.path)}&digest=${digest}`);
    source.addEventListener("page", (event) => {
      const { digest: now } = JSON.parse(event.data);
      const isFirst = digest === "";
      digest = now;
      if (!isFirst) again();
    });
    // What was wrong may be mended without the page being another one than before.
    source.addEventListener("state", () => {
      if (around.querySelector(".error")) again();
    });
    source.addEventListener("error", () => {
      rest();
      setTimeout(listen, 1000);
    });
  }

  function rest() {
    source?.close();
    source = null;
  }

  watch();
  listen();
  addEventListener("hashchange", toSection);
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : listen()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
})();
