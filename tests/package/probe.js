// What runs in every environment: checks that succeed, fail, are aborted and are refused, and a report of all.
// It imports nothing, so that each environment can get the module in its own way.

/**
 * @param {Pick<typeof import("civitai-permissions"), "checkPermissions" | "isPermissionsError">} module
 * @param {string} baseUrl a session of the stand-in; the session `…-broken` fails
 * @param {string} report where to send what came out
 */
export async function probe({ checkPermissions, isPermissionsError }, baseUrl, report) {
  let outcome;
  try {
    const verdicts = await checkPermissions([2514310, 2402203], { baseUrl });
    const failure = await checkPermissions([2514310], { baseUrl: `${baseUrl}-broken`, retries: 0 }).then(
      (guess) => ({ guess }),
      (error) =>
        isPermissionsError(error) ? { code: error.code, unknown: error.unknown } : { foreign: String(error) },
    );
    const controller = new AbortController();
    const { signal } = controller;
    const hanging = checkPermissions([2514310], { fetch: () => new Promise(() => {}), signal });
    controller.abort("stop");
    const aborted = await hanging.catch((reason) => reason);
    const refused = await checkPermissions([1, 1.5]).catch(
      ({ code, message }) => `${code} ${message.split(":")[0]}`,
    );
    outcome = { verdicts, failure, aborted, refused };
  } catch (error) {
    outcome = { error: String(error) };
  }
  await fetch(report, { method: "POST", body: JSON.stringify(outcome) });
}
