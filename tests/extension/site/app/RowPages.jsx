import { Anchor, Badge, Button, Group, Paper, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useInView } from "./in-view.jsx";
import { Meta } from "./meta.jsx";
import { modelUrl } from "./model-url.js";
import { useQuery } from "./queries.jsx";
import { Link } from "./router.jsx";
import { useStage } from "./stage.jsx";

/** @typedef {import("./site-data.js").Resource} Resource */

/** `/posts/{id}`: "Posted to X - v1". @param {{ id: number }} props */
export function PostPage({ id }) {
  const { data } = useQuery("resource.list", { limit: 1, skip: id % 3 });
  return (
    <Stack p="md" className="post">
      <Meta title="Post | Civitai" path={`/posts/${id}`} />
      <Title order={1}>A post</Title>
      {data?.map((resource) => (
        <Text key={resource.versionId}>
          Posted to{" "}
          <Anchor component={Link} underline="always" href={url(resource)}>
            {resource.name} - {resource.versionName}
          </Anchor>{" "}
          2 days ago
        </Text>
      ))}
      <img alt="" src={`/covers/${id}.svg`} />
    </Stack>
  );
}

/** `/auctions/{slug}`: rows of a place, a model and its version, and the bids. */
export function AuctionsPage() {
  const { rearranged } = useStage();
  const { data = [] } = useQuery("resource.list", { limit: 8, skip: 0 });
  return (
    <Stack p="md" className="auctions">
      <Meta title="Auctions | Civitai" path="/auctions" />
      <Title order={1}>Auctions</Title>
      {(rearranged ? [...data].reverse() : data).map((resource, at) => (
        <Paper key={resource.versionId} withBorder p="xs">
          <Group>
            <Link href="/auctions/featured">
              <Text size="lg">{at + 1}</Text>
            </Link>
            <img className="size-16 object-cover" alt="" src={`/covers/${resource.modelId}.svg`} />
            <Link href={`/models/${resource.modelId}?modelVersionId=${resource.versionId}`}>
              <Stack gap={0}>
                <Text size="lg" fw={500} truncate>
                  {resource.name}
                </Text>
                <Text size="sm" c="dimmed" truncate>
                  {resource.versionName}
                </Text>
              </Stack>
            </Link>
            <Badge ml="auto" size="xl" radius="sm" color="yellow.7">
              {(9 - at) * 1000}
            </Badge>
          </Group>
        </Paper>
      ))}
    </Stack>
  );
}

/** `/user/downloads`, in the two forms that it has had: rows of two links, and cards that are a link. */
export function DownloadsPage() {
  const { options } = useStage().data;
  const { data = [] } = useQuery("resource.list", { limit: 12, skip: 0 });
  const Row = options.downloads === "cards" ? DownloadCard : DownloadRow;
  return (
    <Stack p="md" className="downloads">
      <Meta title="Downloads | Civitai" path="/user/downloads" />
      <Title order={1}>Downloads</Title>
      {data.map((resource) => (
        <Row key={resource.versionId} resource={resource} />
      ))}
    </Stack>
  );
}

/** @param {{ resource: Resource }} props */
function DownloadRow({ resource }) {
  return (
    <Group justify="space-between" wrap="nowrap" className="downloadRow">
      <Stack gap={0}>
        <Link href={url(resource)}>
          <Text>{resource.name}</Text>
        </Link>
        <Link href={url(resource)}>
          <Text size="xs" c="dimmed">
            {resource.versionName}
          </Text>
        </Link>
      </Stack>
      <Text size="xs" c="dimmed">
        2 days ago
      </Text>
    </Group>
  );
}

/** @param {{ resource: Resource }} props */
function DownloadCard({ resource }) {
  const [ref, inView] = useInView();
  return (
    <div ref={ref} className="h-32">
      {inView ? (
        <Paper
          component={Link}
          href={url(resource)}
          className="overflow-hidden h-full"
          radius="lg"
          withBorder
        >
          <div className="flex h-full">
            <img className="size-32 object-cover" alt="" src={`/covers/${resource.modelId}.svg`} />
            <div className="flex-1 p-4 min-w-0">
              <Text size="sm" fw={600} lineClamp={1}>
                {resource.name}
              </Text>
              <Text size="xs" c="dimmed" lineClamp={1}>
                {resource.versionName}
              </Text>
              <Badge variant="light" radius="sm">
                {resource.type}
              </Badge>
            </div>
          </div>
        </Paper>
      ) : (
        <Skeleton height={128} radius="lg" />
      )}
    </div>
  );
}

/** `/user/{name}/shop`: the link holds a button. @param {{ user: string }} props */
export function ShopPage({ user }) {
  const { data = [] } = useQuery("resource.list", { limit: 6, skip: 0 });
  return (
    <div className="shop">
      <Meta title={`${user}'s shop | Civitai`} path={`/user/${user}/shop`} />
      {data.map((resource) => (
        <Paper key={resource.versionId} p="md" withBorder>
          <Stack h="100%" gap="md">
            <img alt="" src={`/covers/${resource.modelId}.svg`} />
            <Title order={4} lineClamp={2}>
              {resource.name}
            </Title>
            <Stack mt="auto" gap={4}>
              <Link href={url(resource)}>
                <Button fullWidth radius="sm">
                  Purchase Access
                </Button>
              </Link>
            </Stack>
          </Stack>
        </Paper>
      ))}
    </div>
  );
}

/** @param {Resource} resource */
function url(resource) {
  return modelUrl({ id: resource.modelId, name: resource.name }, resource.versionId);
}
