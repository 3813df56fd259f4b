// The search box of the preview's bar shows the best results while one types. Without this script it is a plain form.
// The pattern is the editable combobox with a list of the ARIA Authoring Practices.
"use strict";

(() => {
  const WAIT = 80; // ms without a key before something is looked for

  function enhance(form) {
    const input = form.querySelector('input[type="search"]');
    if (!input) return;
    const list = document.createElement("ul");
    const status = document.createElement("p");
    let options = [];
    let current = -1;
    let timer = 0;
    let asking = null; // what stops the question under way
    let isTyped = false; // what is in the box was typed since it last changed otherwise

    list.id = "_live-found";
    list.className = "live-found";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.labels[0]?.textContent.trim() ?? "");
    list.hidden = true;
    status.className = "hidden-words";
    status.setAttribute("role", "status");
    form.append(list, status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
      "aria-keyshortcuts": "/", autocapitalize: "none", spellcheck: "false",
    })) input.setAttribute(name, value);

    function text(runs, parent) {
      for (const [words, isMarked] of runs) {
        parent.append(isMarked ? Object.assign(document.createElement("mark"), { textContent: words }) : words);
      }
      return parent;
    }

    function element(name, className, ...children) {
      const made = document.createElement(name);
      if (className) made.className = className;
      made.append(...children);
      return made;
    }

    function option(link, ...children) {
      const made = element("li", "", ...children);
      made.id = `_live-found-${options.length}`;
      made.setAttribute("role", "option");
      made.setAttribute("aria-selected", "false");
      made.dataset.link = link;
      options.push(made);
      return made;
    }

    function hit(found) {
      const title = text(found.title, element("span", "title"));
      title.lang = found.language;
      const about = [found.kind, found.name].filter(Boolean).join(" · ");
      const words = element("span", found.is_code ? "words code" : "words");
      words.lang = found.language;
      if (found.heading.length) words.append(text(found.heading, element("b", "")), " ");
      text(found.snippet, words);
      const made = option(found.link, title, " ", element("span", "about", about), " ", words);
      return made;
    }

    function show(answer) {
      options = [];
      current = -1;
      input.removeAttribute("aria-activedescendant");
      const rows = answer.hits.map(hit);
      if (rows.length) {
        rows.push(option(answer.every.link, element("span", "every", `${answer.every.words} (${answer.total})`)));
      }
      list.replaceChildren(...rows);
      status.textContent = answer.said;
      setOpen(rows.length > 0);
    }

    function setOpen(isOpen) {
      list.hidden = !isOpen;
      input.setAttribute("aria-expanded", String(isOpen));
      if (!isOpen) choose(-1);
    }

    function choose(place) {
      options[current]?.setAttribute("aria-selected", "false");
      current = place;
      const chosen = options[current];
      if (!chosen) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      chosen.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    }

    async function ask() {
      asking?.abort();
      const words = input.value.trim();
      if (!words) {
        status.textContent = "";
        setOpen(false);
        return;
      }
      asking = new AbortController();
      const asked = new URLSearchParams({ q: words, in: form.elements.in?.value ?? "" });
      try {
        const answer = await fetch(`${form.getAttribute("action")}.json?${asked}`, { signal: asking.signal });
        if (!answer.ok) throw new Error(answer.statusText);
        const found = await answer.json();
        if (input.value.trim() === words && document.activeElement === input) show(found);
      } catch (error) {
        if (error.name !== "AbortError") setOpen(false); // the preview has ended: Enter still sends the form
      }
    }

    function later() {
      clearTimeout(timer);
      isTyped = true;
      timer = setTimeout(ask, WAIT);
    }

    function stop() {
      clearTimeout(timer);
      asking?.abort();
    }

    input.addEventListener("input", (event) => {
      if (!event.isComposing) later(); // signs that are still being put together are no words yet
    });
    input.addEventListener("compositionend", later);
    input.addEventListener("focus", () => {
      if (isTyped && input.value.trim() && list.hidden) ask();
    });
    input.addEventListener("blur", () => {
      stop();
      setOpen(false);
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey) return;
      const isOpen = !list.hidden;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !event.altKey) {
        event.preventDefault();
        if (!isOpen) ask();
        else choose((current + step + options.length + 2) % (options.length + 1) - 1); // past the ends is the box
      } else if (event.key === "Escape") {
        if (isOpen) event.preventDefault(); // the first one closes the list, the next one empties the box
        stop();
        setOpen(false);
      } else if (event.key === "Enter" && options[current]) {
        event.preventDefault();
        location.assign(options[current].dataset.link);
      } else if (event.key === "Enter") {
        stop();
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
    list.addEventListener("click", (event) => {
      const chosen = event.target.closest('[role="option"]');
      if (!chosen) return;
      if (event.ctrlKey || event.metaKey) window.open(chosen.dataset.link);
      else location.assign(chosen.dataset.link);
    });
    document.addEventListener("keydown", (event) => {
      const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
      if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      input.focus();
      input.select();
    });
  }

  const box = document.querySelector("form.live-search");
  if (box) enhance(box);
})();
