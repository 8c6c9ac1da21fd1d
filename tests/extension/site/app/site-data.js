/**
 * The shapes that the server and the app share.
 *
 * @typedef {object} SiteData what the server sends along for hydration
 * @property {string} asPath
 * @property {import("../options.js").SiteOptions} options
 * @property {Session | null} session
 * @property {Record<string, unknown>} queries answers that the page starts with, by key
 * @property {number} now the server's clock, so that both renders say the same
 * @property {string} host
 *
 * @typedef {{ user: { id: number, username: string, email: string, tier: string } }} Session
 *
 * @typedef {{ kind: "recoverable" | "error" | "rejection" | "console", message: string }} Complaint
 *
 * @typedef {object} Stage what tests can do from inside the page
 * @property {(href: string) => void} navigate as the site's own links do
 * @property {() => Promise<void>} back one step back, but never out of this document
 * @property {() => void} rearrange other order among siblings, brushes on and off
 * @property {() => void} rerender every component again, the creator's text set anew
 *
 * @typedef {{ id: number, username: string }} User
 *
 * @typedef {object} Version as it stands in the site's own page data
 * @property {number} id
 * @property {number} modelId
 * @property {string} name
 * @property {string} baseModel
 * @property {string} status
 * @property {string} availability
 * @property {string} usageControl
 * @property {string} publishedAt
 * @property {boolean} covered
 * @property {boolean} canGenerate
 * @property {boolean} canDownload
 * @property {PaidAccess | null} paidAccess
 *
 * @typedef {{ endsAt: string | null, timeframeDays: number | null, terms: Terms }} PaidAccess
 * @typedef {{ download?: { price: number }, generation?: { price?: number, trialLimit?: number } | { free: true } }} Terms
 *
 * @typedef {object} Model
 * @property {number} id
 * @property {string} name
 * @property {string} type
 * @property {string} availability
 * @property {string} [mode]
 * @property {boolean} mature
 * @property {boolean} cosmetic
 * @property {"picture" | "empty" | "none"} cover what stands in the link of its card: `empty`, nothing; `none`, words
 * @property {User} user
 * @property {string} description HTML, as the creator wrote it
 * @property {Version[]} modelVersions
 *
 * @typedef {{ modelId: number, versionId: number, name: string, versionName: string, type: string, strength?: number }} Resource
 * @typedef {{ id: number, title: string, resources: (Resource | { name: string, type: string })[] }} Image */

/**
 * What each of the site's own questions gives; `resource.list` serves posts, auctions, downloads and the generator.
 *
 * @typedef {{
 *   "model.getById": Model | null,
 *   "model.getAll": { items: Model[], next: number | null },
 *   "model.recommended": Resource[],
 *   "model.showcase": Resource[],
 *   "image.getInfinite": Image[],
 *   "image.get": Image,
 *   "resource.list": Resource[],
 * }} Answers
 */
export {};
