// Answers that did not reach the house wait on the page, say so, and are sent again by themselves.
(() => {
  "use strict";
  const RETRY = 5000;
  const unsaved = new Set();
  const answerOf = (event) => event.target.closest?.("[data-autosave]");
  const slotOf = (answer) => document.querySelector(answer.getAttribute("hx-target"));

  const wait = (answer) => {
    if (!unsaved.has(answer)) slotOf(answer)?.replaceChildren(document.getElementById("autosave-waiting").content.cloneNode(true));
    unsaved.add(answer);
  };
  const again = () => {
    for (const answer of unsaved) {
      if (answer.isConnected) answer.dispatchEvent(new Event("change", { bubbles: true }));
      else unsaved.delete(answer);
    }
  };

  // Long texts are saved in between too, when the hand rests: a lost machine takes a few words, not the whole text.
  const REST = 5000;
  let resting = 0;
  document.addEventListener("input", (event) => {
    const answer = event.target.matches("textarea") && answerOf(event);
    clearTimeout(resting);
    if (answer) resting = setTimeout(() => answer.dispatchEvent(new Event("change", { bubbles: true })), REST);
  });

  // Sent after a wait in the queue: what was typed over is what has been saved meanwhile, by this very page.
  document.addEventListener("htmx:before:request", (event) => {
    const answer = answerOf(event), base = answer?.querySelector("[name$='-base']");
    if (base) event.detail.ctx.request.body.set(base.name, base.value);
  });
  document.addEventListener("htmx:before:response", (event) => {
    const answer = answerOf(event);
    if (!answer) return;
    if (event.detail.ctx.response.status < 500) unsaved.delete(answer);
    else {
      event.preventDefault();
      wait(answer);
    }
  });
  document.addEventListener("htmx:error", (event) => {
    const answer = answerOf(event);
    if (answer) wait(answer);
  });

  window.addEventListener("online", () => {
    document.querySelector("#messages [data-waiting]")?.remove();
    again();
  });
  setInterval(again, RETRY);
  // The form sends everything that stands on the page; without a connection the browser would leave the page for nothing.
  document.addEventListener("submit", (event) => {
    if (navigator.onLine) {
      unsaved.clear();
      return;
    }
    event.preventDefault();
    document.getElementById("messages").replaceChildren(document.getElementById("autosave-waiting").content.cloneNode(true));
    window.scrollTo(0, 0);
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });
})();
