// Shows only log lines of some members, from a level on. Without it all lines are there.
"use strict";
(() => {
  const filter = document.getElementById("log-filter");
  const said = document.getElementById("log-filter-said");
  const rows = [...document.querySelectorAll("#logs tr.log")];
  if (!filter || !said || rows.length === 0) return;
  const ranks = { debug: 0, "": 1, info: 1, warn: 2, warning: 2, error: 3, dpanic: 4, panic: 4, fatal: 4 };

  function apply() {
    const members = new Set([...filter.querySelectorAll("input:checked")].map(({ value }) => value));
    const least = Number(filter.querySelector("select").value);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(members.has(row.dataset.member) && (ranks[row.dataset.level] ?? 1) >= least);
      if (!row.hidden) shown += 1;
    }
    said.textContent = `${shown} of ${rows.length} lines`;
  }

  function showAll() {
    for (const box of filter.querySelectorAll("input")) box.checked = true;
    filter.querySelector("select").selectedIndex = 0;
    apply();
  }

  // A link to a line that is filtered out shows it all the same.
  function showTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.hidden) return;
    showAll();
    target.scrollIntoView();
  }

  filter.addEventListener("change", apply);
  filter.querySelector("button").addEventListener("click", showAll);
  addEventListener("hashchange", showTarget);
  filter.hidden = false;
  apply();
})();
