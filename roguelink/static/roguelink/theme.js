// Runs before the page is painted, so that a dark page never flashes white.
(() => {
  const device = matchMedia("(prefers-color-scheme: dark)");
  const show = () => {
    const wanted = localStorage.getItem("theme") || "auto";
    const dark = wanted === "dark" || (wanted === "auto" && device.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  };
  show();
  device.addEventListener("change", show);
  window.addEventListener("storage", show); // chosen in another tab
  document.addEventListener("theme", show);
})();
