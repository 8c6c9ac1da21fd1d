import { stringify } from "devalue";
import superjson from "superjson";
import { matchRoute } from "./app/routes.js";
import { modelFor } from "./catalogue.js";

/** @typedef {import("./app/site-data.js").Model} Model */
/** @typedef {import("./app/site-data.js").SiteData} SiteData */

/**
 * What the site writes into `<script id="__NEXT_DATA__">` (contract §3 of the pages): page, query, session, and
 * on a model page the dehydrated queries, by the real superjson or the real devalue.
 *
 * @param {SiteData} data
 * @param {import("./catalogue.js").Catalogue} catalogue
 * @returns {string | null} the text of the script, or no script
 */
export function nextData(data, catalogue) {
  const { nextData: how } = data.options;
  if (how === "absent") return null;
  if (how === "broken") return '{"props":{"pageProps":{';
  const { page, id } = matchRoute(data.asPath);
  const shownId = how === "other" ? (catalogue.models.find((model) => model.id !== id)?.id ?? id) : id;
  const model = page.startsWith("/models/[id]") ? modelFor(catalogue, shownId, data.session) : null;
  return JSON.stringify(document(data, page, shownId, model));
}

/**
 * The same script as somebody else would forge it in a creator's text: the first one in the document, all gates
 * gone, and the reader made the owner.
 *
 * @param {SiteData} data
 * @param {Model} model
 */
export function plantedScript(data, model) {
  const modelVersions = model.modelVersions.map((version) => ({
    ...version,
    name: "planted",
    paidAccess: null,
    canGenerate: true,
  }));
  const forged = document(
    { ...data, session: { user: { ...model.user, email: "", tier: "" } } },
    page,
    model.id,
    { ...model, modelVersions },
  );
  return `<script id="__NEXT_DATA__" type="application/json">${JSON.stringify(forged).replaceAll("<", "\\u003c")}</script>`;
}

const page = "/models/[id]/[[...slug]]";

/**
 * @param {SiteData} data
 * @param {string} pageName
 * @param {number} id
 * @param {Model | null} model
 */
function document({ options, session, asPath, host }, pageName, id, model) {
  const { searchParams } = new URL(asPath, "https://site");
  const red = host.endsWith(".red");
  const trpcState =
    model && options.nextData !== "bare" ? { trpcState: serialise(options.nextData, dehydrate(model)) } : {};
  return {
    props: {
      pageProps: {
        ...(id > 0 && { id }),
        adsGated: false,
        ...trpcState,
        session,
        colorScheme: options.scheme,
        cookies: {},
        canIndex: true,
        flags: {
          isGreen: !red,
          isRed: red,
          isBlue: red,
          canViewNsfw: red,
          imageGeneration: true,
          earlyAccessModel: true,
        },
        seed: 1,
        hasAuthCookie: options.session !== "none",
        region: { countryCode: "US" },
        domain: red ? "blue" : "green",
        host,
      },
      __N_SSP: true,
    },
    page: pageName,
    query: { ...(id > 0 && { id: `${id}` }), ...Object.fromEntries(searchParams) },
    buildId: "site",
    isFallback: false,
    gssp: true,
    appGip: true,
    locale: "en",
    locales: ["en"],
    defaultLocale: "en",
    scriptLoader: [],
  };
}

/**
 * @param {string} how
 * @param {object} state
 */
function serialise(how, state) {
  return how === "devalue" ? stringify(state) : superjson.serialize(state);
}

/** @param {Model} model */
function dehydrate(model) {
  const selected = model.modelVersions[0];
  return {
    mutations: [],
    queries: [
      query("hiddenPreferences.getHidden", undefined, { hiddenModels: [] }),
      query(
        "model.getById",
        { id: model.id, excludeTrainingData: true },
        { ...model, modelVersions: model.modelVersions.map(withDates) },
      ),
      query("common.getEntityAccess", { entityId: selected?.id, entityType: "ModelVersion" }, [
        {
          entityId: selected?.id,
          entityType: "ModelVersion",
          hasAccess: !selected?.paidAccess,
          permissions: 0,
        },
      ]),
    ],
  };
}

/** @param {import("./app/site-data.js").Version} version */
function withDates(version) {
  const { paidAccess, covered, ...rest } = version;
  const endsAt = paidAccess?.endsAt ? new Date(paidAccess.endsAt) : null;
  return {
    ...rest,
    publishedAt: new Date(version.publishedAt),
    generationCoverage: { covered },
    earlyAccessDeadline: endsAt ?? undefined,
    paidAccess: paidAccess && { ...paidAccess, endsAt },
    files: [{ id: 1, name: "a.safetensors", type: "Model" }],
    posts: [{ id: 1 }],
  };
}

/**
 * @param {string} procedure
 * @param {object | undefined} input
 * @param {unknown} data
 */
function query(procedure, input, data) {
  const queryKey = [procedure.split("."), { ...(input && { input }), type: "query" }];
  return {
    state: {
      data,
      dataUpdateCount: 1,
      dataUpdatedAt: 1,
      error: null,
      status: "success",
      fetchStatus: "idle",
    },
    queryKey,
    queryHash: JSON.stringify(queryKey),
  };
}
