import { ActionIcon, Title } from "@mantine/core";
import useEmblaCarousel from "embla-carousel-react";
import { Icon } from "./icons.jsx";
import { ModelCard } from "./ModelCard.jsx";
import { useQuery } from "./queries.jsx";
import { useStage } from "./stage.jsx";

/** @typedef {import("./site-data.js").Model} Model */

/**
 * Suggested resources: a carousel that loops. Rearranging the stage reverses it, keyed, so that React moves
 * the very same nodes with `insertBefore`.
 *
 * @param {{ not?: number }} props
 */
export function Suggested({ not }) {
  const { data } = useQuery("model.getAll", { limit: 14, cursor: 0 });
  const models = data?.items.filter((model) => model.id !== not);
  return (
    <section className="suggested">
      <Title order={2}>Suggested Resources</Title>
      {models && <Carousel models={models} />}
    </section>
  );
}

/** @param {{ models: Model[] }} props */
function Carousel({ models }) {
  const { rearranged } = useStage();
  const [viewport, carousel] = useEmblaCarousel({ loop: true, align: "start" });
  return (
    <div className="relative embla">
      <div ref={viewport} className="embla__viewport">
        <div className="embla__container">
          {(rearranged ? [...models].reverse() : models).map((model) => (
            <div key={model.id} id={`${model.id}`} className="embla__slide">
              <ModelCard model={model} />
            </div>
          ))}
        </div>
      </div>
      <ActionIcon
        className="embla__prev"
        radius="xl"
        aria-label="Previous"
        onClick={() => carousel?.scrollPrev()}
      >
        <Icon name="chevron-left" />
      </ActionIcon>
      <ActionIcon
        className="embla__next"
        radius="xl"
        aria-label="Next"
        onClick={() => carousel?.scrollNext()}
      >
        <Icon name="chevron-right" />
      </ActionIcon>
    </div>
  );
}

/** The same cards in a plain grid, as at home. */
export function UniformGrid() {
  const { rearranged } = useStage();
  const { data } = useQuery("model.getAll", { limit: 14, cursor: 0 });
  const models = data?.items ?? [];
  return (
    <div className="uniformGrid">
      {(rearranged ? [...models].reverse() : models).map((model) => (
        <div key={model.id} id={`${model.id}`}>
          <ModelCard model={model} />
        </div>
      ))}
    </div>
  );
}
