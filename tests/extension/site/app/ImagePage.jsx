import { Badge, Card, Loader, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { createPortal } from "react-dom";
import { useDialogs } from "./dialog-router.jsx";
import { Meta } from "./meta.jsx";
import { modelUrl } from "./model-url.js";
import { useQuery } from "./queries.jsx";
import { Link } from "./router.jsx";
import { useStage } from "./stage.jsx";

/** `/images/{id}` as a page. @param {{ id: number }} props */
export function ImagePage({ id }) {
  return (
    <div className="imagePage">
      <ImageDetail id={id} />
    </div>
  );
}

/** The same over another page, mounted inside `#main`, while the address says `/images/{id}`. */
export function ImageDialog() {
  const { imageId, close } = useDialogs();
  if (imageId === null) return null;
  const main = document.getElementById("main");
  if (!main) return null;
  return createPortal(
    <Modal
      opened
      onClose={close}
      withinPortal={false}
      fullScreen
      zIndex={300}
      transitionProps={{ duration: 0 }}
    >
      <ImageDetail id={imageId} />
    </Modal>,
    main,
  );
}

/** @param {{ id: number }} props */
function ImageDetail({ id }) {
  const { options } = useStage().data;
  const { data: image } = useQuery("image.get", { id });
  if (!image) return <Loader />;
  return (
    <div className="imageDetail">
      <Meta title={`${image.title} | Civitai`} path={`/images/${id}`} />
      <img alt={image.title} src={`/covers/${id}.svg`} />
      <Card className="flex flex-col gap-3 rounded-xl">
        <Text className="text-xl font-semibold">Generation data</Text>
        {options.imageDetail === "cards" ? (
          <ResourceCards resources={image.resources} />
        ) : (
          <ImageResources resources={image.resources} />
        )}
      </Card>
    </div>
  );
}

/**
 * Two links to the same version in each row, three rows until the rest is asked for.
 *
 * @param {{ resources: import("./site-data.js").Image["resources"] }} props
 */
export function ImageResources({ resources }) {
  const { rearranged } = useStage();
  const [all, showAll] = useState(false);
  const sorted = rearranged ? [...resources].reverse() : resources;
  return (
    <div className="flex flex-col gap-1.5">
      <Text className="text-lg font-semibold">Resources used</Text>
      <ul className="flex list-none flex-col gap-0.5">
        {sorted.slice(0, all ? undefined : 3).map((resource) => (
          <ResourceRow
            key={"versionId" in resource ? resource.versionId : resource.name}
            resource={resource}
          />
        ))}
      </ul>
      {!all && resources.length > 3 && (
        <div className="flex justify-start">
          <Text c="blue.4" className="cursor-pointer text-xs" onClick={() => showAll(true)}>
            Show {resources.length - 3} more
          </Text>
        </div>
      )}
    </div>
  );
}

/** @param {{ resource: import("./site-data.js").Image["resources"][number] }} props */
function ResourceRow({ resource }) {
  const linked = "versionId" in resource ? resource : null;
  const href = linked && modelUrl({ id: linked.modelId, name: linked.name }, linked.versionId);
  return (
    <li className="flex flex-col">
      <div className="flex items-center justify-between gap-3">
        {href ? (
          <Link href={href}>
            <Text className="cursor-pointer underline" lineClamp={1}>
              {resource.name}
            </Text>
          </Link>
        ) : (
          <Text lineClamp={1}>{resource.name}</Text>
        )}
        <div className="flex gap-1">
          <Badge variant="light" radius="sm">
            {resource.type}
          </Badge>
          {linked?.strength && (
            <Badge color="gray" radius="sm">
              {linked.strength}
            </Badge>
          )}
        </div>
      </div>
      {linked && href && (
        <Link href={href}>
          <Text c="dimmed" lineClamp={1} className="text-xs cursor-pointer">
            {linked.versionName}
          </Text>
        </Link>
      )}
    </li>
  );
}

/**
 * The older detail: each resource that is known is a link around its card.
 *
 * @param {{ resources: import("./site-data.js").Image["resources"] }} props
 */
function ResourceCards({ resources }) {
  return (
    <div className="flex flex-col gap-1 resourceCards">
      {resources.map((resource) => {
        const card = (
          <Card p={8} withBorder>
            <div className="flex items-center justify-between gap-1">
              <Text size="sm" fw={500} lineClamp={1}>
                {resource.name}
              </Text>
              <Badge radius="sm" size="sm">
                {resource.type}
              </Badge>
            </div>
            {"versionId" in resource && (
              <Text c="dimmed" size="sm" lineClamp={1}>
                {resource.versionName}
              </Text>
            )}
          </Card>
        );
        if (!("versionId" in resource)) return <div key={resource.name}>{card}</div>;
        const href = modelUrl({ id: resource.modelId, name: resource.name }, resource.versionId);
        return (
          <Link key={resource.versionId} href={href}>
            {card}
          </Link>
        );
      })}
    </div>
  );
}
