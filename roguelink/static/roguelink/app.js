// What the pages do by themselves. Everything works without it; this makes it quicker.
"use strict";

const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const on = (type, selector, handle) =>
  document.addEventListener(type, (event) => {
    const target = event.target instanceof Element && event.target.closest(selector);
    if (target) handle(target, event);
  });

// --- Theme ------------------------------------------------------------------------------------
function markTheme() {
  const chosen = localStorage.getItem("theme") || "auto";
  for (const button of all("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  }
}
on("click", "[data-theme-choice]", (button) => {
  localStorage.setItem("theme", button.dataset.themeChoice);
  document.dispatchEvent(new Event("theme"));
  markTheme();
});
markTheme();

// --- Keyboard: "/" search, "n" new, Esc out of it, "?" help --------------------------------------
const isTyping = (element) =>
  element instanceof HTMLElement && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));

function leave() {
  const results = find("#search-results");
  const wasInResults = results && results.contains(document.activeElement);
  if (results) results.replaceChildren();
  if (wasInResults) find("#search").focus();
  else if (isTyping(document.activeElement)) document.activeElement.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    leave();
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "/") {
    event.preventDefault();
    const field = find("#search");
    if (field) {
      field.focus();
      field.select();
    }
  } else if (event.key === "n") {
    const link = find("[data-shortcut='n']");
    if (link) link.click();
  } else if (event.key === "?") {
    const help = find("#shortcuts");
    if (help) help.showModal();
  }
});
on("click", "[data-show-shortcuts]", () => find("#shortcuts").showModal());

// Arrow keys walk through what the search found.
document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = all("#search-results a");
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  if (here < 0 && document.activeElement !== find("#search")) return;
  event.preventDefault();
  const next = here + (event.key === "ArrowDown" ? 1 : -1);
  (links[next] || find("#search")).focus();
});
document.addEventListener("click", (event) => {
  const box = find("#search-box");
  if (box && !box.contains(event.target)) find("#search-results").replaceChildren();
});

// --- Selecting rows -----------------------------------------------------------------------------
let lastChecked = null;

function showSelection() {
  const boxes = all("input[name='selected']");
  const count = boxes.filter((box) => box.checked).length;
  const bar = find("#bulk-bar");
  if (!bar) return;
  bar.hidden = count === 0;
  const shown = find("#bulk-count");
  if (shown) shown.textContent = String(count);
  const head = find("#select-all");
  if (head) {
    head.checked = count > 0 && count === boxes.length;
    head.indeterminate = count > 0 && count < boxes.length;
  }
}
on("change", "#select-all", (head) => {
  for (const box of all("input[name='selected']")) box.checked = head.checked;
  showSelection();
});
on("click", "input[name='selected']", (box, event) => {
  const boxes = all("input[name='selected']");
  if (event.shiftKey && lastChecked && boxes.includes(lastChecked)) {
    const [from, to] = [boxes.indexOf(lastChecked), boxes.indexOf(box)].sort((a, b) => a - b);
    for (const between of boxes.slice(from, to + 1)) between.checked = box.checked;
  }
  lastChecked = box;
  showSelection();
});

// --- Passwords: show, suggest, copy ---------------------------------------------------------------
on("click", "[data-toggle-password]", (button) => {
  const field = find(button.dataset.togglePassword);
  field.type = field.type === "password" ? "text" : "password";
  button.setAttribute("aria-pressed", String(field.type === "text"));
});
on("click", "[data-generate-url]", async (button) => {
  const field = find(button.dataset.target);
  const response = await fetch(button.dataset.generateUrl, { headers: { Accept: "text/plain" } });
  if (!response.ok) return complain(response.status);
  field.type = "text";
  field.value = (await response.text()).trim();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
on("click", "[data-copy]", async (button) => {
  const source = find(button.dataset.copy);
  if (!navigator.clipboard) return getSelection().selectAllChildren(source); // plain HTTP: Ctrl-C does the rest
  await navigator.clipboard.writeText("value" in source ? source.value : source.textContent.trim());
  const label = find("span", button) || button;
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => (label.textContent = before), 1500);
});
on("click", "[data-print]", () => window.print());

// A table as a CSV file, made here so that what it shows (passwords, once) need not be kept by the server.
on("click", "[data-download-table]", (button) => {
  const quote = (text) => `"${(/^[=+\-@\t\r]/.test(text) ? "'" : "") + text.replaceAll('"', '""')}"`;
  const rows = all("tr", find(button.dataset.downloadTable));
  const lines = rows.map((row) => [...row.cells].map((cell) => quote(cell.textContent.trim())).join(","));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", lines.join("\r\n")], { type: "text/csv" }));
  link.download = button.dataset.filename;
  link.click();
  URL.revokeObjectURL(link.href);
});

// --- Suggestions while typing a domain or a customer ------------------------------------------------
const suggestUrls = { domain: "/domains/suggest/", customer: "/customers/suggest/" };
let suggesting = 0;
on("input", "[data-suggest]", (field) => {
  clearTimeout(suggesting);
  suggesting = setTimeout(async () => {
    if (!field.list) {
      const list = document.createElement("datalist");
      list.id = `${field.id}_suggestions`;
      field.after(list);
      field.setAttribute("list", list.id);
    }
    const response = await fetch(`${suggestUrls[field.dataset.suggest]}?q=${encodeURIComponent(field.value)}`);
    if (response.ok) field.list.innerHTML = await response.text();
  }, 150);
});

// --- Forms: a second click does nothing; coming back makes the button work again -------------------
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  // After this turn of the event loop, so that the button's own name and value are still sent.
  setTimeout(() => {
    for (const button of all("button[type='submit']", event.target)) button.disabled = true;
  });
  // A download leaves the page as it is: give the buttons back.
  setTimeout(() => {
    for (const button of all("button[type='submit']", event.target)) button.disabled = false;
  }, 8000);
});
window.addEventListener("pageshow", () => {
  for (const button of all("button[type='submit']:disabled")) button.disabled = false;
  showSelection();
});
on("change", "[data-submit-on-change]", (field) => field.form.requestSubmit());

// --- When a fragment cannot be had ------------------------------------------------------------------
function complain(status) {
  const box = find("#trouble");
  if (!box) return;
  const texts = box.dataset;
  find("#trouble-text").textContent = status === 503 ? texts.away : status ? texts.broken : texts.offline;
  box.hidden = false;
}
document.addEventListener("htmx:responseError", (event) => complain(event.detail.xhr.status));
document.addEventListener("htmx:sendError", () => complain(0));
document.addEventListener("htmx:timeout", () => complain(503));
document.addEventListener("htmx:afterSwap", showSelection);
// Signed out meanwhile: the answer is another page, which must not land inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { finalRequestPath, responsePath } = event.detail.pathInfo;
  if (!responsePath || responsePath.split("?")[0] === finalRequestPath.split("?")[0]) return;
  event.detail.shouldSwap = false;
  location.assign(event.detail.xhr.responseURL);
});
on("click", "#trouble-close", () => (find("#trouble").hidden = true));
