/**
 * The element of that id; the page and its script are written together, so a missing one is our mistake.
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  return within(document, `#${id}`, type);
}

/**
 * The first element in `root` that the selector fits.
 * @template {Element} T
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
export function within(root, selector, type) {
  const element = root.querySelector(selector);
  if (!(element instanceof type)) throw new TypeError(`The page lacks a ${type.name} for “${selector}”.`);
  return element;
}

/**
 * A copy of a template's one element.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function fromTemplate(id) {
  // Imported, not cloned: a template's content belongs to another document.
  const copy = document.importNode(byId(id, HTMLTemplateElement).content, true).firstElementChild;
  if (!(copy instanceof HTMLElement)) throw new TypeError(`The template “${id}” is empty.`);
  return copy;
}

/**
 * Says something to those who listen to the page.
 * @param {string} sentence
 */
export function announce(sentence) {
  byId("announcer", HTMLElement).textContent = sentence;
}
