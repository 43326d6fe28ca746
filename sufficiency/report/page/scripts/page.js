"use strict";
/* Controls, pointer and keys of the map, and the contents list that follows the reader. */
function startMap(data) {
  const map = makeMap(data);
  const detail = makeDetail(map);
  map.detail = detail;
  const { state, frame, svg } = map;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  frame.append(tip);

  map.refresh = function () {
    map.colour();
    map.place();
    map.drawJourneys();
    map.mark();
    detail.show();
  };

  function pick(kind, number) {
    const same = state.picked && state.picked.kind === kind && state.picked.number === number;
    state.picked = same ? null : { kind, number };
    map.refresh();
    if (!state.picked) return detail.say("Selection cleared.");
    const many = map.ofPicked().length;
    detail.say(`Selected: ${detail.words(kind, number)}. ${many} ${kind === "area" ? "settings they go to" : "areas they come from"}.`);
  }

  function under(event) {
    const drawn = event.target.closest("#areas > *, #sites > *");
    if (!drawn) return null;
    return { kind: drawn.id[0] === "a" ? "area" : "setting", number: Number(drawn.id.slice(1)) };
  }

  svg.addEventListener("pointermove", (event) => {
    const hit = under(event);
    tip.hidden = !hit;
    if (!hit) return;
    tip.textContent = detail.words(hit.kind, hit.number);
    const box = frame.getBoundingClientRect();
    const right = event.clientX - box.left > box.width / 2;
    tip.style.left = right ? "auto" : `${event.clientX - box.left + 14}px`;
    tip.style.right = right ? `${box.right - event.clientX + 14}px` : "auto";
    tip.style.top = `${Math.min(event.clientY - box.top + 14, box.height - 60)}px`;
  });
  svg.addEventListener("pointerleave", () => { tip.hidden = true; });
  svg.addEventListener("click", (event) => {
    const hit = under(event);
    if (!hit) return;
    state.kind = hit.kind;
    state.at = hit.number;
    pick(hit.kind, hit.number);
  });

  function points() {
    if (state.kind === "area") return data.centres.map(([x, y]) => (x === null ? null : [x, y]));
    const shown = document.getElementById("sites-on").checked;
    return data.settings.map((one) => (shown && one.x !== null && map.size(one) > 0 ? [one.x, one.y] : null));
  }

  /* The nearest place in a direction: near the line of travel counts for more than near at all. */
  function next(across, down) {
    const all = points();
    const start = state.at === null ? null : all[state.at];
    if (!start) return all.findIndex(Boolean);
    let best = -1, least = Infinity;
    all.forEach((point, number) => {
      if (!point || number === state.at) return;
      const dx = point[0] - start[0], dy = point[1] - start[1];
      const along = dx * across + dy * down, aside = Math.abs(dx * down) + Math.abs(dy * across);
      if (along <= 0) return;
      const cost = along + 2.5 * aside;
      if (cost < least) { least = cost; best = number; }
    });
    return best < 0 ? state.at : best;
  }

  function goTo(number) {
    if (number < 0) return;
    state.at = number;
    const point = points()[number];
    if (point && state.zoom > 1) map.zoomTo(state.zoom, point);
    map.mark();
    detail.say(detail.words(state.kind, number));
  }

  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  frame.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrows[event.key]) goTo(next(...arrows[event.key]));
    else if (event.key === "Enter" || event.key === " ") { if (state.at !== null) pick(state.kind, state.at); }
    else if (event.key === "s" || event.key === "S") {
      state.kind = state.kind === "area" ? "setting" : "area";
      state.at = null;
      const first = next(0, 0);
      if (first < 0) { state.kind = "area"; detail.say("No settings are shown."); } else goTo(first);
    }
    else if (event.key === "Escape") { state.picked = null; map.zoomTo(1); map.refresh(); detail.say("Selection cleared."); }
    else if (event.key === "+" || event.key === "=") map.zoomTo(state.zoom * 1.6, state.at === null ? null : points()[state.at]);
    else if (event.key === "-") map.zoomTo(state.zoom / 1.6);
    else return;
    event.preventDefault();
  });
  frame.addEventListener("focus", () => { if (state.at === null) goTo(next(0, 0)); else map.mark(); });
  frame.addEventListener("blur", map.mark);
  document.getElementById("nearer").addEventListener("click", () => map.zoomTo(state.zoom * 1.6, state.picked ? points()[state.picked.number] : null));
  document.getElementById("farther").addEventListener("click", () => map.zoomTo(state.zoom / 1.6));

  function showChoice() {
    map.refresh();
    detail.say(`${document.getElementById("map-about").textContent}`);
  }
  for (const radio of document.querySelectorAll("input[name=layer]")) radio.addEventListener("change", () => { state.layer = radio.value; showChoice(); });
  document.getElementById("need").addEventListener("change", (event) => { state.need = Number(event.target.value); showChoice(); });
  document.getElementById("phase").addEventListener("change", (event) => { state.phase = Number(event.target.value); showChoice(); });
  document.getElementById("year").addEventListener("input", (event) => {
    state.year = Number(event.target.value);
    document.getElementById("year-words").textContent = yearWords(data.years[state.year]);
    event.target.setAttribute("aria-valuetext", yearWords(data.years[state.year]));
    showChoice();
  });
  document.getElementById("sites-on").addEventListener("change", (event) => {
    document.getElementById("sites").setAttribute("display", event.target.checked ? "inline" : "none");
  });

  frame.tabIndex = 0;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-roledescription", "map");
  frame.setAttribute("aria-label", "Map of areas and settings");
  frame.setAttribute("aria-describedby", "map-help");
  for (const id of ["controls", "map-help", "zoom"]) document.getElementById(id).hidden = false;
  document.getElementById("year").setAttribute("aria-valuetext", yearWords(data.years[state.year]));
  document.documentElement.dataset.ready = "yes";
  return map;
}

(function () {
  const links = [...document.querySelectorAll(".contents a")];
  const parts = links.map((link) => document.getElementById(link.getAttribute("href").slice(1)));
  const observer = new IntersectionObserver(() => {
    let here = 0;
    parts.forEach((part, place) => { if (part.getBoundingClientRect().top < 160) here = place; });
    links.forEach((link, place) => link.classList.toggle("here", place === here));
  }, { rootMargin: "-150px 0px -60% 0px" });
  parts.forEach((part) => observer.observe(part));
})();
