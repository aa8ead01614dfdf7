"use strict";
// Hides the rows that do not have the words that are typed; the lists read without it.
for (const box of document.querySelectorAll(".filter")) {
  box.hidden = false;
  box.querySelector("input").addEventListener("input", (event) => {
    const wanted = event.target.value.trim().toLowerCase();
    for (const row of document.querySelectorAll("[data-row]"))
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
  });
}
