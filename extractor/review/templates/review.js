"use strict";
// Keys, and marking the place of an entered figure. It reads no text of the report but what is selected, writes
// only values of fields, and without it every form and link still works.
(() => {
  const field = (element) => /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") return document.activeElement.blur();
    if (field(document.activeElement)) return;
    for (const element of document.querySelectorAll("[data-key]"))
      if (element.dataset.key === event.key) {
        event.preventDefault();
        if (field(element)) element.focus();
        else element.click();
        return;
      }
  });
  // a form that was sent is not sent again by a second press
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  });

  const source = document.getElementById("source");
  const first = document.querySelector("#source .mine, #source .why");
  if (first && source) {
    const at = first.getBoundingClientRect(), frame = source.getBoundingClientRect();
    if (frame.height < innerHeight * 1.2) source.scrollTop += at.top - frame.top - frame.height / 3;
  }
  const form = document.querySelector("[data-enter]");
  if (!form || !source) return;
  const put = (values) => {
    form.querySelector("details").open = true;
    for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
  };
  document.addEventListener("mouseup", () => {
    const chosen = getSelection();
    const text = source.querySelector(".text");
    if (chosen.isCollapsed || !text.contains(chosen.anchorNode) || text.querySelector("svg, table, .gap")) return;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(chosen.getRangeAt(0).startContainer, chosen.getRangeAt(0).startOffset);
    const start = [...before.toString()].length;
    put({ start, end: start + [...chosen.toString()].length });
  });
  source.querySelectorAll("svg.page").forEach((svg, number) => {
    let from = null;
    const at = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    drawn.setAttribute("class", "box drawn");
    svg.addEventListener("pointerdown", (event) => { from = at(event); event.preventDefault(); });
    svg.addEventListener("pointerup", (event) => {
      if (!from) return;
      const to = at(event);
      const [x0, x1] = [from.x, to.x].sort((a, b) => a - b), [y0, y1] = [from.y, to.y].sort((a, b) => a - b);
      from = null;
      if (x1 - x0 < 2 || y1 - y0 < 2) return;
      for (const [name, value] of Object.entries({ x: x0, y: y0, width: x1 - x0, height: y1 - y0 }))
        drawn.setAttribute(name, value);
      svg.append(drawn);
      put({ page: svg.dataset.page || number + 1, box: [x0, y0, x1, y1].map((n) => n.toFixed(1)).join(",") });
    });
  });
})();
