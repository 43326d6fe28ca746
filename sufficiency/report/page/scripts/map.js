"use strict";
/* The map: what is drawn for a choice of layer, need, phase and year, and what is selected on it. */
function makeMap(data) {
  const SVG = "http://www.w3.org/2000/svg";
  const svg = document.getElementById("map");
  const frame = document.getElementById("map-frame");
  const journeys = document.getElementById("journeys");
  const state = { layer: "demand", need: 0, phase: 0, year: data.years.length - 1, kind: "area", at: null, picked: null, zoom: 1, middle: [data.width / 2, data.height / 2] };
  const journeysByChoice = new Map();

  const pair = () => state.need * (data.phases.length + 1) + state.phase;
  const layer = () => data.layers[state.layer];
  const counts = () => layer().counts[pair()][state.year];
  const classes = () => layer().classes[pair()];
  const shape = (kind, number) => document.getElementById((kind === "area" ? "a" : "s") + number);
  const number = (count) => (count === 1 ? data.few : count.toLocaleString("en-GB"));
  const who = () => [state.need ? data.needs[state.need - 1][1] : "All needs", state.phase ? data.phases[state.phase - 1][1].toLowerCase() : "all phases"].join(", ");

  function flows() {
    if (!journeysByChoice.has(pair())) journeysByChoice.set(pair(), journeysOf(data.flows[pair()]));
    return journeysByChoice.get(pair()).filter((one) => one[0] === state.year);
  }

  function colour() {
    const shades = classes(), now = counts();
    now.forEach((count, place) => {
      const drawn = shape("area", place);
      if (drawn) drawn.setAttribute("fill", shades.colours[classOf(shades, count)]);
    });
    document.getElementById("legend-title").textContent = layer().title;
    const list = document.querySelector("#legend ul");
    list.replaceChildren(...shades.labels.map((words, place) => {
      const item = document.createElement("li");
      const box = document.createElementNS(SVG, "svg");
      box.setAttribute("viewBox", "0 0 16 16");
      box.setAttribute("aria-hidden", "true");
      box.setAttribute("focusable", "false");
      const fill = document.createElementNS(SVG, "rect");
      fill.setAttribute("width", "16");
      fill.setAttribute("height", "16");
      fill.setAttribute("fill", shades.colours[place]);
      box.append(fill);
      item.append(box, words);
      return item;
    }));
    const year = yearWords(data.years[state.year]);
    document.getElementById("map-about").textContent = `${layer().words}, ${year}, by the area they live in; settings by type and places. ${who()}.`;
    svg.setAttribute("aria-label", `Map. ${layer().words}, ${year}, by area. ${who()}.`);
  }

  function size(setting) {
    const places = setting.places[state.year];
    return places < 0 ? setting.children[state.year] : places;
  }

  function place() {
    data.settings.forEach((one, index) => {
      const drawn = shape("setting", index);
      if (!drawn || drawn.classList.contains("outside")) return;
      const many = size(one);
      drawn.setAttribute("display", many > 0 ? "inline" : "none");
      const radius = Math.max(data.smallest, data.largest * Math.sqrt(Math.max(many, 0) / data.biggest)) / Math.sqrt(state.zoom);
      drawn.setAttribute("transform", `translate(${one.x} ${one.y}) scale(${radius.toFixed(1)})`);
    });
  }

  function mark() {
    for (const drawn of svg.querySelectorAll(".picked, .at")) drawn.classList.remove("picked", "at");
    if (state.at !== null && document.activeElement === frame) shape(state.kind, state.at)?.classList.add("at");
    if (state.picked) shape(state.picked.kind, state.picked.number)?.classList.add("picked");
  }

  function ofPicked() {
    if (!state.picked) return [];
    const column = state.picked.kind === "area" ? 1 : 2;
    return flows().filter((one) => one[column] === state.picked.number).sort((a, b) => b[3] - a[3]);
  }

  function drawJourneys() {
    const lines = [];
    for (const [, area, setting, many] of ofPicked()) {
      const home = data.centres[area], there = data.settings[setting];
      if (home[0] === null || there.x === null) continue;
      const path = document.createElementNS(SVG, "path");
      const bend = [(home[0] + there.x) / 2 + (there.y - home[1]) * 0.12, (home[1] + there.y) / 2 - (there.x - home[0]) * 0.12];
      path.setAttribute("d", `M${home[0]},${home[1]}Q${bend[0].toFixed(1)},${bend[1].toFixed(1)} ${there.x},${there.y}`);
      path.setAttribute("stroke-width", (Math.max(1.4, Math.min(9, Math.sqrt(many) * 1.3)) / state.zoom).toFixed(2));
      const halo = path.cloneNode();
      halo.setAttribute("stroke-width", (Number(path.getAttribute("stroke-width")) + 2.4 / state.zoom).toFixed(2));
      halo.setAttribute("class", "halo");
      lines.push(halo, path);
    }
    svg.dataset.selected = state.picked ? "yes" : "no";
    journeys.replaceChildren(...lines);
  }

  /* Zoom by the drawing's own frame; what is at its middle stays there. */
  function zoomTo(zoom, middle) {
    state.zoom = Math.min(8, Math.max(1, zoom));
    const wide = data.width / state.zoom, tall = data.height / state.zoom;
    const [x, y] = middle || state.middle;
    state.middle = [Math.min(data.width - wide / 2, Math.max(wide / 2, x)), Math.min(data.height - tall / 2, Math.max(tall / 2, y))];
    svg.setAttribute("viewBox", `${(state.middle[0] - wide / 2).toFixed(1)} ${(state.middle[1] - tall / 2).toFixed(1)} ${wide.toFixed(1)} ${tall.toFixed(1)}`);
    svg.dataset.zoom = state.zoom > 1.5 ? "near" : "far";
    place();
    drawJourneys();
  }

  /* The same areas with other numbers, and settings drawn anew. */
  function replaceData(fresh, sites) {
    Object.assign(data, fresh);
    journeysByChoice.clear();
    document.getElementById("sites").innerHTML = sites;
    if (state.picked && state.picked.kind === "setting") state.picked = null;
    if (state.kind === "setting") { state.kind = "area"; state.at = null; }
  }

  return { replaceData, data, state, frame, svg, counts, number, who, flows, ofPicked, size, shape, colour, place, mark, drawJourneys, zoomTo };
}
