"use strict";
/* What is typed, stepped or chosen, as the change that the server takes. */
function makeForms(change) {
  const box = document.getElementById("forms");
  const number = (element) => Number(element.value);
  let from = null;

  /* Places of every line in the year chosen. */
  function showPlaces() {
    const years = document.getElementById("places-from");
    if (!years) return;
    if (from !== null) years.value = from;
    const place = years.selectedIndex;
    for (const input of box.querySelectorAll("[data-line]")) {
      const now = JSON.parse(input.dataset.now)[place];
      input.value = now === null ? "" : now;
      input.disabled = now === null;
      for (const step of box.querySelectorAll(`[data-for="${input.id}"]`)) step.disabled = now === null;
    }
  }

  function changed(target) {
    if (target.id === "places-from") { from = target.value; showPlaces(); return; }
    if (target.value === "" && target.type === "number") return;
    if (!target.checkValidity()) { target.reportValidity(); return; }
    const data = target.dataset;
    if (data.line) change({ kind: "places", line: data.line, from_year: Number(document.getElementById("places-from").value), places: number(target) });
    else if (data.option) change({ kind: "opens", option: data.option, year: target.value === "" ? null : number(target) });
    else if (data.fee) change({ kind: "fee", type: data.fee, percent: number(target) });
    else if (data.inflation) change({ kind: "inflation", of: data.inflation, percent: number(target) });
    else if (data.rule) change({ kind: "limit", rule: data.rule, limit: data.share === "1" ? number(target) / 100 : number(target) });
  }

  function submitted(form) {
    const said = Object.fromEntries(new FormData(form));
    const kind = form.dataset.step;
    if (kind === "growth") return change({ kind, need: said.need, phase: said.phase, locality: said.locality, from_year: Number(said.from_year), percent: Number(said.percent), yearly: said.yearly === "on" });
    if (kind === "ap_at_most") return change({ kind, from_year: Number(said.from_year), share: Number(said.share) / 100 });
    if (kind === "free_school_delay") return change({ kind, lever: { line: said.line, years: Number(said.years) } });
    if (kind === "free_school_cash") return change({ kind, lever: { line: said.line, per_place: Number(said.per_place) } });
    return change({ kind, lever: { needs: said.need ? [said.need] : [], from_year: Number(said.from_year), full_year: Number(said.full_year), share: Number(said.share) / 100, cost_per_child: Number(said.cost_per_child) } });
  }

  box.addEventListener("change", (event) => { if (!event.target.closest("form")) changed(event.target); });
  box.addEventListener("submit", (event) => { event.preventDefault(); submitted(event.target); });
  /* Steps pressed one after the other are one change, a moment after the last. */
  let waiting = null;
  box.addEventListener("click", (event) => {
    const step = event.target.closest("[data-by]");
    if (!step) return;
    const input = document.getElementById(step.dataset.for);
    input.value = Math.max(0, Number(input.value) + Number(step.dataset.by));
    clearTimeout(waiting);
    waiting = setTimeout(() => changed(input), 350);
  });

  return { showPlaces };
}
