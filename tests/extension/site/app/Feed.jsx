import { Button, Group, Text, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { useScroller } from "./in-view.jsx";
import { ModelCard } from "./ModelCard.jsx";
import { Meta } from "./meta.jsx";
import { useQuery } from "./queries.jsx";
import { queryKey } from "./query-key.js";
import { Link, useRouter } from "./router.jsx";
import { useStage } from "./stage.jsx";

/** @typedef {import("./site-data.js").Model} Model */

const columnWidth = 320;
const gap = 16;
const rowHeight = Math.round(columnWidth / (7 / 9));
const overscan = 4;
/** One cell in so many is an advertisement. */
const adEvery = 17;

/**
 * `/models` and its kin: as many cards as there are models, and only the rows near the viewport in the document.
 *
 * @param {{ title: string, user?: string | undefined, collection?: number }} props
 */
export function Feed({ title, user, collection }) {
  const router = useRouter();
  const { searchParams } = new URL(router.asPath, "https://site");
  const filter = {
    sort: searchParams.get("sort") ?? "Newest",
    baseModel: searchParams.get("baseModel"),
    user: user ?? null,
    collection: collection ?? null,
  };
  return (
    <div className="feed">
      <Meta title={`${title} | Civitai`} path={router.asPath} />
      <Group p="md">
        <Title order={1} size="h2">
          {title}
        </Title>
        <Button component={Link} href="/models?sort=Oldest" size="compact-sm" color="gray">
          Oldest
        </Button>
        <Button component={Link} href="/models?baseModel=Illustrious" size="compact-sm" color="gray">
          Illustrious
        </Button>
      </Group>
      <Pages key={user ?? collection ?? "all"} filter={filter} />
    </div>
  );
}

/** @typedef {{ sort: string, baseModel: string | null, user: string | null, collection: number | null }} Filter */

/**
 * The pages of the list, asked for one after the other as the end comes near.
 *
 * @param {{ filter: Filter }} props
 */
function Pages({ filter }) {
  const [pages, setPages] = useState(
    /** @type {{ key: string, models: Model[] }} */ ({ key: "", models: [] }),
  );
  const key = queryKey("model.getAll", filter);
  const cursor = pages.key === key ? pages.models.length : 0;
  const { data, stale } = useQuery("model.getAll", { ...filter, limit: 100, cursor });

  useEffect(() => {
    if (stale || !data?.items.length) return;
    setPages((was) =>
      was.key === key ? { key, models: was.models.concat(data.items) } : { key, models: data.items },
    );
  }, [data, stale, key]);

  return <VirtualRows models={pages.models} filtered={filter.baseModel} />;
}

/** @param {{ models: Model[], filtered: string | null }} props */
function VirtualRows({ models, filtered }) {
  const { options } = useStage().data;
  const { scroller } = useScroller();
  const [view, setView] = useState({ columns: 1, first: 0, last: 8 });

  useEffect(() => {
    const area = scroller();
    if (!area) return;
    const look = () => {
      const columns = Math.max(1, Math.floor((area.clientWidth + gap) / (columnWidth + gap)));
      const first = Math.max(0, Math.floor(area.scrollTop / (rowHeight + gap)) - overscan);
      const last = Math.ceil((area.scrollTop + area.clientHeight) / (rowHeight + gap)) + overscan;
      setView((was) =>
        was.columns === columns && was.first === first && was.last === last ? was : { columns, first, last },
      );
    };
    look();
    area.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      area.removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [scroller]);

  const cells = options.ads ? withAds(models) : models;
  const rowCount = Math.ceil(cells.length / view.columns);
  const rows = Array.from(
    { length: Math.max(0, Math.min(view.last, rowCount) - view.first) },
    (_, at) => view.first + at,
  );
  return (
    <div style={{ height: rowCount * (rowHeight + gap), position: "relative", width: "100%" }}>
      {rows.map((row) => {
        const items = cells.slice(row * view.columns, (row + 1) * view.columns);
        return (
          <div key={rowKey(options.rows, row, items)} data-index={row} style={rowStyle(row, view.columns)}>
            {items.map((model, at) =>
              model ? (
                <ModelCard
                  key={options.rows === "index" ? at : model.id}
                  model={model}
                  versionId={
                    filtered
                      ? model.modelVersions.find((version) => version.baseModel === filtered)?.id
                      : undefined
                  }
                />
              ) : (
                <Advertisement key="ad" />
              ),
            )}
          </div>
        );
      })}
    </div>
  );
}

/**
 * By its index alone, a row's roots serve other models when the list changes; with its first model, as the site
 * has it today, the whole row is made anew.
 *
 * @param {import("../options.js").SiteOptions["rows"]} how
 * @param {number} row
 * @param {(Model | null)[]} items
 */
function rowKey(how, row, items) {
  return how === "index" ? row : `${row}_${items[0]?.id ?? "ad"}`;
}

/**
 * @param {number} row
 * @param {number} columns
 * @returns {import("react").CSSProperties}
 */
function rowStyle(row, columns) {
  return {
    position: "absolute",
    top: 0,
    left: 0,
    right: 0,
    display: "grid",
    justifyContent: "center",
    gridTemplateColumns: `repeat(${columns}, ${columnWidth}px)`,
    columnGap: gap,
    transform: `translateY(${row * (rowHeight + gap)}px)`,
  };
}

/**
 * @param {Model[]} models
 * @returns {(Model | null)[]} `null` is an advertisement
 */
function withAds(models) {
  return models.flatMap((model, at) => (at % adEvery === adEvery - 1 ? [null, model] : [model]));
}

function Advertisement() {
  return (
    <div className="twCard">
      <Text>Become a Member to turn off ads today.</Text>
      <Button component={Link} href="/pricing" size="compact-sm" color="green" variant="outline">
        Do It
      </Button>
    </div>
  );
}
