"use strict";
// Joins the two sides by the names of cells in data attributes. It reads no text of the report and
// writes only text nodes; without it every link of the page still works.
(() => {
  const now = document.getElementById("now");
  const source = document.getElementById("source");
  const main = document.getElementById("result");
  const marks = new Map();
  const cells = new Map();
  // Reasons and claims: their places in the source, and what is said of them beside it.
  const places = new Map();
  const told = new Map();
  const add = (map, key, element) => {
    const list = map.get(key);
    if (list) list.push(element);
    else map.set(key, [element]);
  };
  const words = (text) => (text ? text.split(" ") : []);

  for (const e of source.querySelectorAll("[data-cell]"))
    for (const name of words(e.dataset.cell)) add(marks, name, e);
  for (const e of document.querySelectorAll("main [data-cell]")) add(cells, e.dataset.cell, e);
  for (const e of source.querySelectorAll("[data-reason]"))
    for (const name of words(e.dataset.reason)) add(places, name, e);
  for (const e of main.querySelectorAll("[data-reason]"))
    for (const name of words(e.dataset.reason)) add(told, name, e);

  let lit = [];
  let pinned = null;
  let timer = 0;

  const show = (pane, element) => {
    // Only the pane moves: scrollIntoView would move the page on a small screen as well.
    const box = element.getBoundingClientRect();
    const frame = pane.getBoundingClientRect();
    if (box.top < frame.top + 60 || box.bottom > frame.bottom - 30)
      pane.scrollTop += box.top - frame.top - frame.height / 2 + box.height / 2;
  };

  const clear = () => {
    for (const e of lit) e.classList.remove("on");
    lit = [];
    now.textContent = "";
  };

  // The cells that an element is about; words of the prose are about those of what is told of them.
  const names = (target) => {
    const own = words(target.dataset.cell || target.dataset.cells);
    if (own.length || !source.contains(target)) return own;
    return words(target.dataset.reason).flatMap((key) => told.get(key) || [])
      .flatMap((e) => words(e.dataset.cells));
  };

  const light = (target) => {
    clear();
    if (!target) return;
    const found = new Set();
    const about = names(target);
    for (const name of about) {
      for (const e of marks.get(name) || []) found.add(e);
      for (const e of cells.get(name) || []) found.add(e);
    }
    const beyond = source.contains(target) ? told : places;
    for (const key of words(target.dataset.reason))
      for (const e of beyond.get(key) || []) found.add(e);
    found.add(target);
    for (const e of found) e.classList.add("on");
    lit = [...found];
    const shown = about.slice(0, 3).map((name) => document.getElementById("c-" + name));
    if (target.dataset.cell)
      now.textContent = shown.filter(Boolean).map((e) => e.dataset.about).join("\n");
  };

  const before = (a, b) =>
    a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;

  const reveal = (target) => {
    const about = names(target);
    const keys = words(target.dataset.reason);
    if (source.contains(target)) {
      // Of many cells show the one that is in question, not whichever comes first.
      const name = about.find((n) => document.querySelector("td.suspect#" + CSS.escape("c-" + n))) ||
        about[0];
      const said = keys.flatMap((key) => told.get(key) || [])[0];
      const cell = (!target.dataset.cell && said) || (name && document.getElementById("c-" + name));
      if (cell) show(main, cell);
      return;
    }
    // The words of a finding or a claim, else the first of its cells as the source has them.
    const own = keys.flatMap((key) => places.get(key) || []);
    const all = about.flatMap((name) => marks.get(name) || []);
    const wanted = own[0] || all.sort(before)[0];
    if (wanted) show(source, wanted);
  };

  const subject = (node) =>
    node instanceof Element ? node.closest("[data-cell],[data-cells],[data-reason]") : null;

  const point = (target, wait) => {
    clearTimeout(timer);
    light(target || pinned);
    // A pointer that only crosses a table must not shake the other side.
    if (target) timer = setTimeout(() => reveal(target), wait);
  };

  document.addEventListener("mouseover", (event) => point(subject(event.target), 140));
  document.addEventListener("focusin", (event) => {
    const target = subject(event.target);
    if (target) point(target, 0);
  });
  document.addEventListener("click", (event) => {
    const target = subject(event.target);
    if (!target || (event.target instanceof Element && event.target.closest("summary"))) return;
    const link = event.target instanceof Element && event.target.closest("a");
    const rule = link && /^#[iq]-/.test(link.hash) && document.getElementById(link.hash.slice(1));
    if (link) event.preventDefault();
    if (rule) {
      show(main, rule);
      rule.focus({ preventScroll: true });
      return;
    }
    pinned = pinned === target && !(link && link.matches(".place")) ? null : target;
    point(target, 0);
  });

  // One stop of the tab key for each table and for the source; arrows move inside.
  const rove = (items, grid) => {
    const stops = [...items];
    stops.forEach((e, i) => { e.tabIndex = i ? -1 : 0; });
    return (from, key) => {
      const at = stops.indexOf(from);
      let to = null;
      if (key === "Home") to = stops[0];
      else if (key === "End") to = stops[stops.length - 1];
      else if (key === "ArrowRight" || (!grid && key === "ArrowDown")) to = stops[at + 1];
      else if (key === "ArrowLeft" || (!grid && key === "ArrowUp")) to = stops[at - 1];
      else if (grid) {
        // The cell of the next row that stands under or over this one.
        const here = from.getBoundingClientRect();
        const middle = (here.left + here.right) / 2;
        const down = key === "ArrowDown";
        const beyond = (down ? stops.slice(at + 1) : stops.slice(0, at).reverse());
        to = beyond.find((e) => {
          const box = e.getBoundingClientRect();
          return (down ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1) &&
            box.left <= middle && box.right >= middle;
        });
      }
      if (!to) return;
      from.tabIndex = -1;
      to.tabIndex = 0;
      to.focus();
    };
  };
  const movers = new Map();
  for (const table of document.querySelectorAll("table")) {
    const items = table.querySelectorAll(".v");
    const move = rove(items, true);
    for (const e of items) movers.set(e, move);
  }
  const spans = source.querySelectorAll("mark");
  const alongSource = rove(spans, false);
  for (const e of spans) movers.set(e, alongSource);

  const keys = new Set(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "End"]);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      pinned = null;
      clear();
      return;
    }
    const move = movers.get(event.target);
    if (move && keys.has(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      move(event.target, event.key);
    } else if (event.key === "Enter" && event.target instanceof Element &&
        event.target.matches("mark,span.v,li")) {
      event.target.click();
    }
  });

  for (const e of document.querySelectorAll("td[data-cell]")) {
    // The line at the foot says it at once; the tooltip would only cover the figures.
    e.dataset.about = e.title;
    e.removeAttribute("title");
  }
})();
