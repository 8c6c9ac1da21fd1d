// A calendar file (RFC 5545) of what opens when.

/** @typedef {{ entityId: number, modelId: number | null, modelName: string | null, versionName: string | null, endsAt: string | null }} Opening */

/**
 * One event for each version whose gate has an end.
 *
 * @param {readonly Opening[]} openings
 * @param {number} now
 * @param {(name: string) => string} [titleOf] an event's title, in the reader's language
 * @returns {string} "" where nothing opens
 */
export function toCalendar(openings, now, titleOf = (name) => `${name} opens`) {
  const events = openings.flatMap((opening) => event(opening, now, titleOf));
  if (events.length === 0) return "";
  const head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//civitai-permissions//opens//EN"];
  return [...head, ...events, "END:VCALENDAR"].map((line) => `${folded(line)}\r\n`).join("");
}

/** @param {Opening} opening @param {number} now @param {(name: string) => string} titleOf @returns {string[]} */
function event({ entityId, modelId, modelName, versionName, endsAt }, now, titleOf) {
  const end = Date.parse(endsAt ?? "");
  if (Number.isNaN(end)) return [];
  const name = [modelName, versionName].filter(Boolean).join(" ") || `Version ${entityId}`;
  const page =
    modelId === null ? `model-versions/${entityId}` : `models/${modelId}?modelVersionId=${entityId}`;
  return [
    "BEGIN:VEVENT",
    `UID:${entityId}@civitai-permissions`,
    `DTSTAMP:${utc(now)}`,
    `DTSTART:${utc(end)}`,
    `SUMMARY:${escaped(titleOf(name))}`,
    `URL:https://civitai.com/${page}`,
    "END:VEVENT",
  ];
}

/** "20261203T120000Z". @param {number} moment */
const utc = (moment) => new Date(moment).toISOString().replace(/[-:]|\.\d+/g, "");

/** @param {string} text a creator's words */
const escaped = (text) =>
  text
    .replace(/[\\;,]/g, "\\$&")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break in a name would begin another line of the file
    .replace(/[\u0000-\u001f\u007f]+/g, " ");

/** A line has at most 75 octets; what follows begins with a blank. @param {string} line */
function folded(line) {
  const lines = [""];
  let length = 0;
  for (const letter of line) {
    const octets = new TextEncoder().encode(letter).length;
    if (length + octets > 75) {
      lines.push(" ");
      length = 1;
    }
    lines[lines.length - 1] += letter;
    length += octets;
  }
  return lines.join("\r\n");
}
