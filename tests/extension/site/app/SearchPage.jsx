import { TextInput, Title } from "@mantine/core";
import { cls } from "./class-names.js";
import { ModelCard } from "./ModelCard.jsx";
import { Meta } from "./meta.jsx";
import { useQuery } from "./queries.jsx";
import { useRouter } from "./router.jsx";
import { useStage } from "./stage.jsx";

/**
 * `/search/models`: a grid that keeps all its roots; only their content comes and goes with the scrolling.
 */
export function SearchPage() {
  const router = useRouter();
  const { options } = useStage().data;
  const query = new URL(router.asPath, "https://site").searchParams.get("query") ?? "";
  const { data } = useQuery("model.getAll", { limit: 60, cursor: 0, query });
  return (
    <div className="search">
      <Meta title="Models | Civitai" path="/search/models" />
      <Title order={1} size="h2">
        Models
      </Title>
      <TextInput
        aria-label="Search"
        defaultValue={query}
        onChange={(event) =>
          router.replace(`/search/models?query=${encodeURIComponent(event.currentTarget.value)}`)
        }
      />
      <div
        className={cls("MasonryGrid", "grid")}
        style={{
          display: "grid",
          gridTemplateColumns: "repeat(auto-fill, 320px)",
          gap: 16,
          justifyContent: "center",
        }}
      >
        {data?.items.map((model, at) => (
          <ModelCard key={options.rows === "index" ? at : model.id} model={model} />
        ))}
      </div>
    </div>
  );
}
