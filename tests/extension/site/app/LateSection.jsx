import { Accordion, Anchor, Badge, Card, Group, ScrollArea, Text } from "@mantine/core";
import { lazy, memo, useMemo } from "react";
import { modelUrl } from "./model-url.js";
import { useQuery } from "./queries.jsx";
import { Link } from "./router.jsx";
import { useStage } from "./stage.jsx";

/**
 * The side column's block links, in a boundary of its own that hydrates as late as a test wants. It knows the
 * model only, never the version, so that nothing updates it before.
 */
export const LateSection = lazy(async () => {
  if (typeof window !== "undefined") await arrival(window.__SITE__.options.lateSuspense);
  return { default: memo(SideColumn) };
});

/** @param {number} milliseconds */
function arrival(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @param {{ modelId: number }} props */
function SideColumn({ modelId }) {
  return (
    <Accordion multiple defaultValue={["recommended", "showcase", "required"]} variant="separated">
      <Section name="recommended" title="Recommended Resources">
        <Recommended modelId={modelId} />
      </Section>
      <Section name="required" title="Required Components">
        <Required modelId={modelId} />
      </Section>
      <Section name="showcase" title="Part of collection">
        <Showcase modelId={modelId} />
      </Section>
    </Accordion>
  );
}

/** @param {{ name: string, title: string, children: import("react").ReactNode }} props */
function Section({ name, title, children }) {
  return (
    <Accordion.Item value={name}>
      <Accordion.Control>{title}</Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}

/** @param {{ modelId: number }} props */
function Recommended({ modelId }) {
  const { data } = useQuery("model.recommended", { id: modelId });
  return data?.map((resource) => (
    <Card
      key={resource.versionId}
      component={Link}
      href={modelUrl({ id: resource.modelId, name: resource.name }, resource.versionId)}
      data-activity="follow-recommendation:details"
      withBorder
      p="xs"
      mb={4}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" fw={500}>
          {resource.name}
        </Text>
        <Badge size="sm">{resource.versionName}</Badge>
      </Group>
    </Card>
  ));
}

/** @param {{ modelId: number }} props */
function Required({ modelId }) {
  const { data } = useQuery("model.recommended", { id: modelId });
  return data?.slice(0, 1).map((resource) => (
    <Anchor
      key={resource.modelId}
      component={Link}
      underline="always"
      size="sm"
      href={`/models/${resource.modelId}`}
    >
      {resource.name}
    </Anchor>
  ));
}

/** @param {{ modelId: number }} props */
function Showcase({ modelId }) {
  const { data } = useQuery("model.showcase", { id: modelId });
  return (
    <ScrollArea.Autosize mah={300}>
      {data?.map((resource) => (
        <Link
          key={resource.versionId}
          className="flex items-center gap-4 px-3 py-2 no-underline"
          href={modelUrl({ id: resource.modelId, name: resource.name })}
        >
          <div className="relative size-16 shrink-0 grow-0 overflow-hidden rounded-lg">
            <img className="size-full object-cover" alt="" src={`/covers/${resource.modelId}.svg`} />
          </div>
          <div className="flex flex-auto flex-col gap-2">
            <Text size="sm" fw={500} lineClamp={1}>
              {resource.name}
            </Text>
            <Text size="xs" c="dimmed" fw={500} lineClamp={1}>
              {resource.versionName}
            </Text>
          </div>
        </Link>
      ))}
    </ScrollArea.Autosize>
  );
}

/**
 * The creator's HTML, set as it is. Each `rerender` of the stage makes it another string, so that React sets it
 * anew and whatever was put inside is gone.
 *
 * @param {{ html: string }} props
 */
export function CreatorText({ html }) {
  const { renders } = useStage();
  const inner = useMemo(() => ({ __html: html + (renders ? `<!-- ${renders} -->` : "") }), [html, renders]);
  return <div className="RenderHtml" dangerouslySetInnerHTML={inner} />;
}
