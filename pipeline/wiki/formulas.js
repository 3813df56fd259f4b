// Draws the formulas that MediaWiki's Math extension left as source, with KaTeX; one it can't draw stays as source.
document.addEventListener("DOMContentLoaded", () => {
  const draw = (root) => {
    for (const span of root.querySelectorAll(".mwe-math-fallback-source-inline, .mwe-math-fallback-source-display")) {
      const source = span.textContent.replace(/^\s*\$+\s?/, "").replace(/\s?\$+\s*$/, "");
      const block = span.classList.contains("mwe-math-fallback-source-display");
      const drawn = document.createElement("span");
      try {
        katex.render(source, drawn, { displayMode: block, throwOnError: true, strict: "ignore" });
      } catch (error) {
        continue;
      }
      drawn.className = block ? "marovi-formula marovi-formula-display" : "marovi-formula";
      span.replaceWith(drawn);
    }
  };
  draw(document);
  if (window.mw && mw.hook) mw.hook("wikipage.content").add((content) => draw(content[0]));
});
