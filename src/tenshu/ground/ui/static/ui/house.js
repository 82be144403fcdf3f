// Comfort only: every page works without this file.
(() => {
  "use strict";
  const menus = () => document.querySelectorAll("details.menu[open]");

  // An open menu closes by Escape (focus goes back to its button), by a click beside it, or by another menu.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (location.hash === "#nav") location.hash = "main";
  });
  document.addEventListener("click", (event) => {
    for (const menu of menus()) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // The summary of errors is read first, also after htmx has put it in.
  const focusSummary = (root) => {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => focusSummary(document));
  document.addEventListener("htmx:after:swap", () => focusSummary(document));

  // A page that is older than the last sign-in takes over the new token: what was typed is saved without a detour.
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
  document.addEventListener("submit", (event) => {
    const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    if (field && token()) field.value = token();
  });
  document.addEventListener("htmx:config:request", (event) => {
    const request = event.detail.ctx.request;
    if (token() && request.method !== "GET") request.headers["X-CSRFToken"] = token();
  });

  // Paper shows what is folded away; afterwards the page is as it was.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("main details:not([open], .menu)")];
    for (const part of unfolded) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of unfolded) part.open = false;
    unfolded = [];
  });
})();
