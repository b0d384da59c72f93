// Leaves what the chosen filters let through. Without it everything is shown.
"use strict";
(() => {
  const bar = document.getElementById("filters");
  const said = document.getElementById("filtered");
  if (!bar || !said) return;
  const selects = [...bar.querySelectorAll("select")];
  const parts = [...document.querySelectorAll("[data-scenario]")];
  const rows = parts.filter((part) => part.tagName === "TR");

  function apply() {
    for (const part of parts) part.hidden = selects.some(({ value, dataset }) => value !== "" && part.dataset[dataset.filter] !== value);
    const shown = rows.filter((row) => !row.hidden).length;
    said.textContent = selects.every(({ value }) => value === "") ? "" : `${shown} of ${rows.length} runs listed`;
  }

  for (const select of selects) select.addEventListener("change", apply);
  bar.hidden = false;
  // The browser keeps choices when a page is loaded anew.
  apply();
})();
