import { Title } from "@mantine/core";
import { useDialogs } from "./dialog-router.jsx";
import { useQuery } from "./queries.jsx";

/**
 * The pictures under a model. They come after hydration; each opens its dialog over the page.
 *
 * @param {{ modelId: number }} props
 */
export function Gallery({ modelId }) {
  const { data: images } = useQuery("image.getInfinite", { modelId });
  const { open } = useDialogs();
  if (!images) return null;
  return (
    <div id="gallery">
      <Title order={2} data-tour="model:gallery">
        Gallery
      </Title>
      <div className="galleryGrid">
        {images.map((image) => (
          <a
            key={image.id}
            href={`/images/${image.id}`}
            onClick={(event) => {
              event.preventDefault();
              open(image.id);
            }}
          >
            <img alt={image.title} src={`/covers/${image.id}.svg`} />
          </a>
        ))}
      </div>
    </div>
  );
}
