"use strict";
/* The page: what the server says is shown, what is done here is sent to the server, which alone remembers it. */
(function () {
  const server = makeServer();
  const at = (id) => document.getElementById(id);
  let state = null, shownAnswer = null, shownPictures = null, map = null, version = -1, busy = Promise.resolve();

  /* Other words in a part of the page; what has the focus, what is open and what is typed stays. */
  function put(id, html) {
    const box = at(id);
    if (box.dataset.html === html) return;
    const focus = box.contains(document.activeElement) ? document.activeElement.id : "";
    const open = new Map([...box.querySelectorAll("details[id]")].map((one) => [one.id, one.open]));
    const typed = new Map([...box.querySelectorAll("form [id]")].filter((one) => "value" in one && one.tagName !== "BUTTON").map((one) => [one.id, one.type === "checkbox" ? one.checked : one.value]));
    box.innerHTML = html;
    box.dataset.html = html;
    for (const [name, was] of open) if (at(name)) at(name).open = was;
    for (const [name, was] of typed) { const one = at(name); if (one) { if (one.type === "checkbox") one.checked = was; else one.value = was; } }
    if (focus && at(focus)) at(focus).focus({ preventScroll: true });
  }

  function notice(words) {
    at("notice").textContent = words;
    at("notice").hidden = !words;
  }

  function showStatus() {
    const { kind, words, detail, problems, rough } = state.status;
    at("status").dataset.kind = kind;
    const said = [words, rough ? `Estimate from prices: it ${rough}` : "", ...problems].filter(Boolean).join(". ");
    if (at("status-words").textContent !== said) at("status-words").textContent = said;
    at("status-detail").textContent = detail;
  }

  function show(fresh) {
    state = fresh;
    version = Math.max(version, fresh.version);
    document.title = `What if? ${fresh.model}`;
    at("model").textContent = fresh.model;
    at("standing").textContent = fresh.standing;
    at("standing").hidden = !fresh.standing;
    at("meeting").checked = fresh.meeting;
    at("undo").disabled = !fresh.can.undo;
    at("redo").disabled = !fresh.can.redo;
    at("clear").disabled = !fresh.steps.length;
    put("changes", fresh.changes);
    put("forms", fresh.forms);
    put("save", fresh.save);
    put("asked", fresh.asked);
    forms.showPlaces();
    notice(fresh.notice);
    showStatus();
  }

  async function look() {
    show(await server.ask("/api/state"));
    const wanted = `${state.shows}/${state.meeting}/${state.answered}`;
    if (wanted !== shownAnswer) {
      const answer = await server.ask("/api/answer");
      if (answer.html) { put("answer", answer.html); put("tables", answer.tables); shownAnswer = wanted; }
    }
    const pictured = `${state.shows}/${state.meeting}`;
    if (state.answered && pictured !== shownPictures) {
      const pictures = await server.ask("/api/pictures");
      if (pictures.map) { showPictures(pictures); shownPictures = pictured; }
    }
    const all = state.answered && shownAnswer === wanted && shownPictures === pictured;
    document.documentElement.dataset.settled = all && state.status.kind === "certified" ? String(state.revision) : "no";
  }

  function showPictures(pictures) {
    if (map === null) {
      put("map-here", pictures.map);
      map = startMap(pictures.data);
    } else {
      const fresh = document.createElement("template");
      fresh.innerHTML = pictures.map;
      at("map-title").innerHTML = pictures.finding;
      map.detail.replace(fresh.content.getElementById("chosen"));
      map.replaceData(pictures.data, pictures.sites);
      map.refresh();
    }
    put("charts", pictures.charts);
  }

  /* One look after the other, and one is enough for many reasons to look. */
  let asked = false;
  function lookSoon() {
    if (asked) return;
    asked = true;
    busy = busy.then(() => { asked = false; return look(); }).catch((error) => notice(error.message));
  }

  async function tell(what, said = {}) {
    if (!state) return;
    document.documentElement.dataset.settled = "no";
    const answer = await server.tell(what, { ...said, revision: state.revision }).catch(() => ({ problems: "The server does not answer: is explore still running?" }));
    if (answer.state) { show(answer.state); lookSoon(); return; }
    await look().catch(() => {});
    notice(answer.problems);
  }

  let order = Promise.resolve();
  const inTurn = (what, said) => { order = order.then(() => tell(what, said)); };
  const forms = makeForms((step) => inTurn("change", { step }));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    const { number, name } = button.dataset;
    inTurn(button.dataset.do, { ...(number === undefined ? {} : { number: Number(number) }), ...(name === undefined ? {} : { name }) });
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("[data-do-form]");
    if (!form) return;
    event.preventDefault();
    const said = Object.fromEntries(new FormData(form));
    form.reset();
    inTurn(form.dataset.doForm, said);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    if (/^(input|select|textarea)$/i.test(event.target.tagName)) return;
    event.preventDefault();
    inTurn(event.shiftKey ? "redo" : "undo");
  });
  at("meeting").addEventListener("change", (event) => inTurn("meeting", { on: event.target.checked }));
  at("print").addEventListener("click", () => window.print());

  async function follow() {
    for (;;) {
      try {
        await server.listen((line) => {
          if (line.version === undefined) return;
          at("status-detail").textContent = [line.step, line.detail].filter(Boolean).join(" · ");
          if (line.version > version) { version = line.version; lookSoon(); }
        });
        notice("The server has ended: start explore again, and this session is restored.");
      } catch (error) {
        notice(server.token ? `No answer from the server. ${error.message}` : "Open the address that the command printed: it has the token of this session.");
        if (!server.token) return;
      }
      await new Promise((resolve) => { setTimeout(resolve, 1500); });
    }
  }
  lookSoon();
  follow();
})();
