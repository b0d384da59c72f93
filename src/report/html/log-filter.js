// Shows only log lines of some members, from a level on. Without it all lines are there.
"use strict";
(() => {
  const form = document.getElementById("log-filter");
  const said = document.getElementById("log-filter-said");
  const rows = [...document.querySelectorAll("#logs tr.log")];
  if (!form || !said || rows.length === 0) return;
  const ranks = { debug: 0, "": 1, info: 1, warn: 2, warning: 2, error: 3, dpanic: 4, panic: 4, fatal: 4 };

  function apply() {
    const members = new Set([...form.querySelectorAll("input:checked")].map(({ value }) => value));
    const least = Number(form.querySelector("select").value);
    let shown = 0;
    for (const row of rows) {
      row.hidden = !(members.has(row.dataset.member) && (ranks[row.dataset.level] ?? 1) >= least);
      if (!row.hidden) shown += 1;
    }
    said.textContent = `${shown} of ${rows.length} lines`;
  }

  // A link to a line that is filtered out shows it all the same.
  function showTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.hidden) return;
    form.reset();
    apply();
    target.scrollIntoView();
  }

  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", showTarget);
  form.hidden = false;
  apply();
})();
