"use strict";
/* Requests to the server: the token comes in the address, goes into this tab's memory, and out of the address at once. */
function makeServer() {
  const found = new URLSearchParams(location.hash.slice(1)).get("t");
  if (found) {
    sessionStorage.setItem("token", found);
    history.replaceState(null, "", location.pathname);
  }
  const token = sessionStorage.getItem("token") || "";
  const headers = { "X-Sufficiency-Token": token };

  async function ask(path) {
    const answer = await fetch(path, { headers, cache: "no-store" });
    if (!answer.ok) throw new Error(words(answer.status, await answer.json()));
    return answer.json();
  }

  function words(status, said) {
    return (said.problems || []).map((one) => one.what || one).join("\n") || `The server answered ${status}.`;
  }

  async function tell(what, said) {
    const answer = await fetch(`/api/do/${what}`, {
      method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(said),
    });
    const document_ = await answer.json();
    return answer.ok ? { state: document_ } : { status: answer.status, problems: words(answer.status, document_) };
  }

  /* Lines of JSON for as long as the server is there; ends when it is not. */
  async function listen(heard) {
    const answer = await fetch("/api/progress", { headers, cache: "no-store" });
    if (!answer.ok) throw new Error(words(answer.status, await answer.json()));
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      lines.filter(Boolean).forEach((line) => heard(JSON.parse(line)));
    }
  }

  return { ask, tell, listen, token };
}
