// What is asked: whom for, and as it is carried in the address after "#".

import { LARGEST_ID } from "../src/js/largest-id.js";

/** More than this would be impolite from one page. */
export const mostIds = 10_000;

/** Longer addresses get cut by chats and mail programs. */
export const mostSharedIds = 500;

/** @typedef {{ versions: number[], models: number[] }} Subject */

/**
 * @param {string} text
 * @returns {number | null} null for an empty field: the question is then about anyone
 */
export function readUserId(text) {
  const digits = text.trim();
  if (digits === "") return null;
  if (!/^[1-9]\d{0,9}$/.test(digits) || Number(digits) > LARGEST_ID) {
    throw new RangeError(`This is no user number. It is a whole number from 1 to ${LARGEST_ID}, not a name.`);
  }
  return Number(digits);
}

/**
 * The question as an address's fragment, which browsers do not send to any server.
 *
 * @param {Subject} subject
 * @param {number | null} userId null leaves the user out
 * @returns {string} "" when there are too many ids to share
 */
export function toFragment({ versions, models }, userId) {
  const count = versions.length + models.length;
  if (count === 0 || count > mostSharedIds) return "";
  const fields = [
    versions.length > 0 ? `ids=${versions.join(",")}` : "",
    models.length > 0 ? `models=${models.join(",")}` : "",
    userId === null ? "" : `user=${userId}`,
  ];
  return `#${fields.filter(Boolean).join("&")}`;
}

/**
 * @param {string} fragment
 * @returns {{ text: string, user: string } | null} texts for the form's fields, to be read like typed ones; null: no question
 */
export function fromFragment(fragment) {
  const fields = new URLSearchParams(fragment.slice(1));
  const list = (/** @type {string} */ name) => (fields.get(name) ?? "").split(/[\s,]+/).filter(Boolean);
  const lines = [...list("ids"), ...list("models").map((id) => `https://civitai.com/models/${id}`)];
  return lines.length === 0 ? null : { text: lines.join("\n"), user: fields.get("user") ?? "" };
}
