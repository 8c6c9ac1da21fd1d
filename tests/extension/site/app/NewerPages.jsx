import {
  Accordion,
  ActionIcon,
  Badge,
  Button,
  Card,
  Drawer,
  Group,
  ScrollArea,
  Text,
  Title,
} from "@mantine/core";
import { useState } from "react";
import { ImageResources } from "./ImagePage.jsx";
import { Icon } from "./icons.jsx";
import { Meta } from "./meta.jsx";
import { modelUrl } from "./model-url.js";
import { useQuery } from "./queries.jsx";
import { Link } from "./router.jsx";

/** @typedef {import("./site-data.js").Resource} Resource */

/** `/challenges/{id}`: which models may be used. @param {{ id: number }} props */
export function ChallengePage({ id }) {
  const { data = [] } = useQuery("resource.list", { limit: 6, skip: 0 });
  return (
    <div className="challenge">
      <Meta title="Challenge | Civitai" path={`/challenges/${id}`} />
      <Title order={1}>A challenge</Title>
      <Accordion multiple variant="separated" defaultValue={["models"]}>
        <Accordion.Item value="models">
          <Accordion.Control>
            <Group justify="space-between">Eligible Models</Group>
          </Accordion.Control>
          <Accordion.Panel>
            <ScrollArea.Autosize mah={2000}>
              {data.map((resource) => (
                <EligibleModel key={resource.versionId} resource={resource} />
              ))}
            </ScrollArea.Autosize>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </div>
  );
}

/** @param {{ resource: Resource }} props */
function EligibleModel({ resource }) {
  return (
    <div className="flex items-center gap-3 px-3 py-2">
      <Link className="flex min-w-0 flex-1 items-center gap-3 no-underline" href={url(resource)}>
        <div className="flex size-12 shrink-0 items-center justify-center rounded-lg">
          <img className="size-full object-cover" alt="" src={`/covers/${resource.modelId}.svg`} />
        </div>
        <div className="min-w-0 flex-1">
          <Text size="sm" fw={500} lineClamp={1}>
            {resource.name}
          </Text>
          <Group gap={4} wrap="nowrap">
            <Badge size="xs" variant="light">
              IL
            </Badge>
            <Text size="xs" c="dimmed" lineClamp={1}>
              {resource.versionName}
            </Text>
          </Group>
        </div>
      </Link>
      <ActionIcon variant="subtle" size="md" aria-label={`Generate with ${resource.name}`}>
        <Icon name="brush" />
      </ActionIcon>
    </div>
  );
}

/** `/ecosystems/{key}`: the picture and the name are a link each, and neither has a slug. */
export function EcosystemPage() {
  const { data = [] } = useQuery("resource.list", { limit: 6, skip: 0 });
  return (
    <div className="ecosystem">
      <Meta title="Illustrious | Civitai" path="/ecosystems/illustrious" />
      <Title order={1}>Illustrious</Title>
      <div className="uniformGrid">
        {data.map((resource) => {
          const href = `/models/${resource.modelId}?modelVersionId=${resource.versionId}`;
          return (
            <Card key={resource.versionId} withBorder p="xs">
              <Link href={href} className="block">
                <img alt={`${resource.name} preview`} src={`/covers/${resource.modelId}.svg`} />
              </Link>
              <Link href={href} className="no-underline">
                <Text fw={600} lineClamp={1}>
                  {resource.name}
                </Text>
              </Link>
              <Text size="xs" c="dimmed">
                {resource.type} · 12K downloads
              </Text>
              <Button
                component={Link}
                href={`/generate?modelVersionId=${resource.versionId}`}
                size="xs"
                mt="xs"
              >
                Generate
              </Button>
            </Card>
          );
        })}
      </div>
    </div>
  );
}

/** `/comics/{id}`: what a panel was made with, in a drawer. @param {{ id: number }} props */
export function ComicsPage({ id }) {
  const { data: image } = useQuery("image.get", { id });
  const [opened, open] = useState(false);
  return (
    <div className="comics">
      <Meta title="A comic | Civitai" path={`/comics/${id}`} />
      <Title order={1}>A comic</Title>
      <Button onClick={() => open(true)}>Panel details</Button>
      <Drawer
        opened={opened}
        onClose={() => open(false)}
        position="right"
        title="Panel 1"
        transitionProps={{ duration: 0 }}
      >
        <div className="imageDetailDrawer">{image && <ImageResources resources={image.resources} />}</div>
      </Drawer>
    </div>
  );
}

/** `/posts/{id}/edit`: one link a row, and the version beside it. @param {{ id: number }} props */
export function PostEditor({ id }) {
  const { data = [] } = useQuery("resource.list", { limit: 4, skip: 0 });
  return (
    <div className="postEditor">
      <Meta title="Edit post | Civitai" path={`/posts/${id}/edit`} />
      <Title order={1}>Edit post</Title>
      <Card withBorder className="flex flex-col gap-2">
        <h3 className="text-lg font-semibold">Resources</h3>
        {data.map((resource) => (
          <div key={resource.versionId} className="flex justify-between items-center gap-3">
            <Link href={url(resource)}>
              <Text>
                {resource.name} - {resource.type}
              </Text>
            </Link>
            <Badge color="gray" size="md" variant="filled">
              {resource.versionName}
            </Badge>
          </div>
        ))}
      </Card>
    </div>
  );
}

/** @param {Resource} resource */
function url(resource) {
  return modelUrl({ id: resource.modelId, name: resource.name }, resource.versionId);
}
