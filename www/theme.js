// Light, dark, or as the system has it. Loaded before the first paint, so that a remembered choice does not flash.

const key = "theme";

applyTheme(rememberedTheme());

/** Ties the three radio buttons named "theme" to the page's colours. */
export function followThemeSwitch() {
  for (const radio of document.querySelectorAll("input[name=theme]")) {
    if (!(radio instanceof HTMLInputElement)) continue;
    radio.checked = radio.value === rememberedTheme();
    radio.addEventListener("change", () => {
      applyTheme(radio.value);
      rememberTheme(radio.value);
    });
  }
}

/** @param {string} theme "light", "dark", or "auto" for the system's */
function applyTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** @returns {"light" | "dark" | "auto"} */
function rememberedTheme() {
  try {
    const theme = localStorage.getItem(key);
    return theme === "light" || theme === "dark" ? theme : "auto";
  } catch {
    return "auto"; // storage is switched off: a page without a memory is still a page
  }
}

/** @param {string} theme */
function rememberTheme(theme) {
  try {
    if (theme === "auto") localStorage.removeItem(key);
    else localStorage.setItem(key, theme);
  } catch {
    // the choice then holds for this visit only
  }
}
