// Reads values off under the pointer, or by the arrow keys. Everything it shows is in
// the drawing or the tables as well: the page needs no script.
"use strict";
(() => {
  const region = document.getElementById("drawing");
  const line = document.getElementById("crosshair");
  const readout = document.getElementById("readout");
  const svg = region && region.querySelector("svg");
  if (!region || !line || !readout || !svg) return;
  const data = JSON.parse(region.dataset.readout);
  const span = data.endMs - data.startMs;
  const roleWords = { leader: "★ leads", follower: "• follows", "no-leader": "? knows no leader", "stale-leader": "☆ stale leader", unseen: "× not seen" };
  let atMs = data.startMs;
  let pinned = false;

  const ms = (value) => (value === null ? "—" : value >= 1000 ? `${(value / 1000).toFixed(2)} s` : `${value} ms`);
  const cover = ([from, to]) => atMs >= from && atMs < to;

  function show(time) {
    atMs = Math.min(data.endMs, Math.max(data.startMs, time));
    const x = data.left + ((atMs - data.startMs) / span) * (data.right - data.left);
    line.setAttribute("x1", x);
    line.setAttribute("x2", x);
    line.setAttribute("visibility", "visible");
    const phase = data.phases.find(([, from, to]) => cover([from, to]));
    const bin = data.bins[Math.floor((atMs - data.startMs) / data.binMs)];
    const rate = (many) => Math.round(many / (data.binMs / 1000));
    const faults = data.faults.filter(cover).map(([, , title]) => `ϟ ${title}`);
    const roles = data.members.map(([member, stretches]) => {
      const now = stretches.find(cover);
      return `${member} ${now ? roleWords[now[2]] + (now[3] === null ? "" : ` (term ${now[3]})`) : "no sample"}`;
    });
    const parts = [
      `${(atMs / 1000).toFixed(2)} s${phase ? ` ${phase[0]}` : ""}`,
      ...faults,
      ...roles,
      ...(bin ? [`${rate(bin[0])} ok, ${rate(bin[1])} failed, ${rate(bin[2])} unknown /s`, `p50 ${ms(bin[3])}, p99 ${ms(bin[4])}, max ${ms(bin[5])}`] : []),
      ...data.metrics.map(([name, fromMs, widthMs, lines]) => {
        const values = lines.map(([member, points]) => `${member} ${points[Math.floor((atMs - fromMs) / widthMs)] ?? "—"}`);
        return `${name}: ${values.join(", ")}`;
      }),
    ];
    readout.replaceChildren(
      ...parts.map((text) => {
        const part = document.createElement("span");
        part.textContent = text;
        return part;
      }),
    );
  }

  function timeAt(event) {
    const box = svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * data.width;
    return data.startMs + ((x - data.left) / (data.right - data.left)) * span;
  }

  readout.textContent = "Point at the drawing to read values; click to hold them. Or focus it and use the arrow keys.";
  readout.hidden = false;

  svg.addEventListener("pointermove", (event) => pinned || show(timeAt(event)));
  svg.addEventListener("click", (event) => {
    pinned = !pinned;
    show(timeAt(event));
  });
  region.addEventListener("keydown", (event) => {
    if (event.key === "Escape") pinned = false;
    const steps = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!steps) return;
    event.preventDefault();
    pinned = true;
    show(atMs + steps * data.binMs * (event.shiftKey ? 10 : 1));
  });
  addEventListener("beforeprint", () => line.setAttribute("visibility", "hidden"));
})();
