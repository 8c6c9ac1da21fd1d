/**
 * One of the tools in this folder's node_modules. By a name that TypeScript does not see: their types are not ours
 * to check.
 * @param {string} name
 * @returns {Promise<any>}
 */
export const tool = (name) => import(name);
