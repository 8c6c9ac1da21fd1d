/** The API that the page asks. The local stand-in answers this file's address with its own origin. */
export const baseUrl = "https://civitai.com";

/** What the page calls it. */
export const baseUrlName = "civitai.com";
