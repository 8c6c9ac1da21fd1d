/**
 * The name under which server and page keep the answer to a question.
 *
 * @param {keyof import("./site-data.js").Answers} procedure
 * @param {object} input
 */
export function queryKey(procedure, input) {
  return `${procedure} ${JSON.stringify(input)}`;
}
