// The results for other programs. Only ids and our own words leave, so nothing in them can be a formula or a script.

/**
 * @param {readonly import("./run.js").Row[]} rows
 * @param {number | null | undefined} userId null: asked for anyone; undefined: for a user that shall not be told
 * @returns {string}
 */
export function toJson(rows, userId) {
  const verdicts = rows
    .filter((row) => row.state !== "unknown")
    .map(({ id, state }) => [id, state === "granted"]);
  const unknown = rows.filter((row) => row.state === "unknown").map(({ id }) => id);
  return JSON.stringify({ userId, verdicts: Object.fromEntries(verdicts), unknown }, null, 2);
}

/**
 * @param {readonly import("./run.js").Row[]} rows
 * @returns {string}
 */
export function toCsv(rows) {
  const lines = rows.map((row) =>
    [row.id, row.state, row.state === "unknown" ? row.failure.code : ""].join(","),
  );
  return ["version_id,state,reason", ...lines, ""].join("\r\n"); // RFC 4180 ends lines so
}

/**
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the download may start late
}
