// Comfort only: the box is a form that works without this file. Here: the keys that lead to it, and its suggestions
// as a combobox (WAI-ARIA APG, list autocomplete with manual selection).
(() => {
  "use strict";
  const box = document.getElementById("house-search");
  const panel = document.getElementById("house-suggestions");
  if (!box || !panel) return;
  const options = () => [...panel.querySelectorAll('[role="option"]')];
  let active = -1;

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-haspopup", "listbox");
  box.setAttribute("aria-controls", "house-options");

  const choose = (index) => {
    const all = options();
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    active = index;
    if (index < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", all[index].id);
    all[index].scrollIntoView({ block: "nearest" });
  };
  const show = (open) => {
    panel.hidden = !open;
    box.setAttribute("aria-expanded", String(open && options().length > 0));
    if (!open) choose(-1);
  };
  show(false);

  // Letters that are still being converted are no question yet.
  document.addEventListener("input", (event) => {
    if (event.target === box && event.isComposing) event.stopPropagation();
  }, true);
  box.addEventListener("compositionend", () => box.dispatchEvent(new Event("input", { bubbles: true })));
  box.addEventListener("input", () => { if (!box.value.trim()) show(false); });

  document.addEventListener("htmx:after:swap", () => {
    choose(-1);
    show(document.activeElement === box && panel.textContent.trim() !== "" && box.value.trim() !== "");
  });

  // Safari tells of the key that ends a conversion only when it is over: by its code it still belongs to it.
  const converting = (event) => event.isComposing || event.keyCode === 229;
  box.addEventListener("keydown", (event) => {
    if (converting(event)) return;
    const count = options().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      if (panel.hidden) show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      // From the last on to the box itself, and from there round again.
      choose(((active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && !panel.hidden && active >= 0) {
      event.preventDefault();
      options()[active].click();
    } else if (event.key === "Escape" && !panel.hidden) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    } else if (event.key === "Tab") {
      show(false);
    }
  });
  document.addEventListener("click", (event) => {
    if (!box.form.contains(event.target)) show(false);
  });

  document.addEventListener("keydown", (event) => {
    if (!event.key || converting(event)) return; // a browser that fills in a form sends keys without names
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
    const letter = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!(slash || letter)) return;
    event.preventDefault();
    // On a phone's width the box is not shown: the page of results has one of its own.
    const target = box.checkVisibility() ? box : document.getElementById("search-q");
    if (!target) return location.assign(box.form.action);
    target.focus();
    target.select();
  });
})();
