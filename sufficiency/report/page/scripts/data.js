"use strict";
/* What the page carries for its map: JSON, gzipped, in base64. */
async function unpacked(id) {
  const text = document.getElementById(id).textContent.trim();
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

/* Journeys of one choice of need and phase: [year, area, setting, children], all but the last by their place. */
function journeysOf(steps) {
  const journeys = [];
  let year = 0, area = 0;
  for (let i = 0; i < steps.length; i += 4) {
    year += steps[i];
    area += steps[i + 1];
    journeys.push([year, area, steps[i + 2], steps[i + 3]]);
  }
  return journeys;
}

function classOf(classes, count) {
  let place = 0;
  while (place + 1 < classes.starts.length && classes.starts[place + 1] <= count) place += 1;
  return place;
}

function yearWords(year) {
  return `${year}/${String((year + 1) % 100).padStart(2, "0")}`;
}
