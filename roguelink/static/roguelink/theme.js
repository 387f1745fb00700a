// Runs before the page is painted, so that a dark page never flashes white.
(() => {
  const wanted = localStorage.getItem("theme") || "auto";
  const dark = wanted === "dark" || (wanted === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
