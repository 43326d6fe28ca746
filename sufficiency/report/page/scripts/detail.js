"use strict";
/* What is said of an area or a setting, beside the map and aloud. */
function makeDetail(map) {
  const { data, state } = map;
  const box = document.getElementById("chosen");
  let before = [...box.childNodes].map((node) => node.cloneNode(true));
  const spoken = document.getElementById("spoken");
  const year = () => yearWords(data.years[state.year]);

  function make(name, words, ...inside) {
    const made = document.createElement(name);
    if (words) made.textContent = words;
    made.append(...inside);
    return made;
  }

  function list(rows) {
    return make("dl", "", ...rows.map(([label, value]) => make("div", "", make("dt", label), make("dd", value))));
  }

  function counted(layer, area) {
    const place = state.need * (data.phases.length + 1) + state.phase;
    return data.layers[layer].counts[place][state.year][area];
  }

  function ofArea(number) {
    const [code, name, locality] = data.areas[number];
    const rows = [["Need a specialist place", map.number(counted("demand", number))], ["Short of a place", map.number(counted("shortfall", number))]];
    const to = map.ofPicked().slice(0, 8).map((one) => [data.settings[one[2]].name, map.number(one[3])]);
    return { title: name || code, under: [locality, year(), map.who()].filter(Boolean).join(" · "), rows, head: "Where they are placed", list: to };
  }

  function ofSetting(number) {
    const one = data.settings[number];
    const places = one.places[state.year];
    const rows = [["Places", places < 0 ? "no limit" : map.number2(places)], ["Children", map.number(one.children[state.year])]];
    const from = map.ofPicked().slice(0, 8).map((flow) => [data.areas[flow[1]][1] || data.areas[flow[1]][0], map.number(flow[3])]);
    return { title: one.name, under: [data.typeNames[one.type], year()].join(" · "), rows, head: `Where they come from: ${map.who()}`, list: from };
  }

  map.number2 = (count) => count.toLocaleString("en-GB");

  function show() {
    if (!state.picked) {
      box.replaceChildren(...before.map((node) => node.cloneNode(true)));
      return;
    }
    const facts = state.picked.kind === "area" ? ofArea(state.picked.number) : ofSetting(state.picked.number);
    const under = make("p", facts.under);
    under.className = "small";
    const parts = [make("h4", facts.title), under, list(facts.rows)];
    if (facts.list.length) parts.push(make("h5", facts.head), list(facts.list));
    const clear = make("button", "Clear the selection");
    clear.type = "button";
    clear.className = "clear";
    clear.addEventListener("click", () => {
      state.picked = null;
      map.refresh();
      map.frame.focus();
    });
    box.replaceChildren(...parts, clear);
  }

  /* A place in words: what a pointer shows, and what a screen reader says. */
  function words(kind, number) {
    if (kind === "area") {
      const [code, name, locality] = data.areas[number];
      const where = locality && locality !== name ? `, ${locality}` : "";
      return `${name || code}${where}: ${map.number(counted("demand", number))} need a place, ${map.number(counted("shortfall", number))} are short of one, ${year()}`;
    }
    const one = data.settings[number];
    const places = one.places[state.year];
    return `${one.name}, ${data.typeNames[one.type]}: ${places < 0 ? "no limit of places" : `${map.number2(places)} places`}, ${map.number(one.children[state.year])} children, ${year()}`;
  }

  function say(text) {
    spoken.textContent = text;
  }

  /* What stands there while nothing is selected. */
  function replace(fresh) {
    before = [...fresh.childNodes];
  }

  return { show, words, say, replace };
}
