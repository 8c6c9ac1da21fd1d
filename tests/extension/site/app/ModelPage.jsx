import { Badge, Container, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useEffect } from "react";
import { CommentEditor } from "./CommentEditor.jsx";
import { cls } from "./class-names.js";
import { Gallery } from "./Gallery.jsx";
import { Icon } from "./icons.jsx";
import { ModelDetails } from "./ModelDetails.jsx";
import { ModelVersionList } from "./ModelVersionList.jsx";
import { Meta } from "./meta.jsx";
import { modelUrl } from "./model-url.js";
import { useQuery } from "./queries.jsx";
import { useRouter } from "./router.jsx";
import { Suggested } from "./Suggested.jsx";
import { useStage } from "./stage.jsx";

/**
 * `/models/{id}`: the same component for every model, so that going from one to the next changes the text of
 * one `h1` and replaces only what is keyed by version.
 *
 * @param {{ id: number }} props
 */
export function ModelPage({ id }) {
  const { options } = useStage().data;
  const router = useRouter();
  const { data: shown, stale } = useQuery("model.getById", { id });

  const wanted = Number(new URL(router.asPath, "https://site").searchParams.get("modelVersionId"));
  const selected = shown?.modelVersions.find((version) => version.id === wanted) ?? shown?.modelVersions[0];
  const pin = !stale && shown && selected && wanted !== selected.id ? modelUrl(shown, selected.id) : null;
  useEffect(() => {
    if (pin) router.replace(pin);
  }, [pin, router]);

  if (options.gated) return <Gate host={options.session} />;
  if (shown === null) return <Title order={2}>404</Title>;
  if (!shown || !selected || (stale && options.loader)) return <Loader m="xl" />;
  const title = `${shown.name} - ${selected.name} | ${selected.baseModel} ${shown.type} | Civitai`;
  return (
    <>
      <Meta title={title} path={modelUrl(shown)} alternate={`/models/${shown.id}`} />
      <Container size="xl" data-tour="model:start" className="contentCol">
        <Stack gap="xl">
          <Stack gap="xs">
            <Header model={shown} />
            <Group gap={4} wrap="nowrap">
              <ModelVersionList
                model={shown}
                selected={selected.id}
                onSelect={(version) => router.replace(modelUrl(shown, version))}
              />
            </Group>
          </Stack>
          <ModelDetails model={shown} version={selected} />
        </Stack>
      </Container>
      <CommentEditor />
      <Suggested not={shown.id} />
      <Gallery modelId={shown.id} />
    </>
  );
}

/** @param {{ model: import("./site-data.js").Model }} props */
function Header({ model }) {
  const { now } = useStage().data;
  const canGenerate = model.modelVersions.some((version) => version.canGenerate);
  const earlyAccess = model.modelVersions.some((version) => endsLater(version, now));
  return (
    <Stack gap={4}>
      <Group gap="md" align="flex-start" justify="space-between" wrap="nowrap">
        <Group gap="md" className="titleWrapper">
          <Title order={1} lineClamp={2} className="modelTitle">
            {model.name}
          </Title>
          <div>
            <Stat icon="thumb-up">1.2K</Stat>
          </div>
          <Stat icon="download">9.9K</Stat>
          {canGenerate && (
            <Stat icon="brush" data-activity="create:model-stat">
              42K
            </Stat>
          )}
          {earlyAccess && (
            <Badge
              size="lg"
              radius="sm"
              variant="light"
              color="green"
              leftSection={<Icon name="clock" size={18} />}
            >
              Early Access
            </Badge>
          )}
        </Group>
      </Group>
      <Group gap={4}>
        <Text size="xs" c="dimmed">
          Updated: Jul 1, 2026
        </Text>
        <Badge
          component="a"
          href="/tag/style"
          size="sm"
          radius="sm"
          variant="light"
          className="cursor-pointer"
        >
          style
        </Badge>
      </Group>
    </Stack>
  );
}

/** @param {{ icon: import("./icons.jsx").IconName, children: string } & Record<string, unknown>} props */
function Stat({ icon, children, ...rest }) {
  return (
    <Badge
      size="lg"
      radius="sm"
      variant="light"
      color="gray"
      leftSection={<Icon name={icon} size={18} />}
      {...rest}
    >
      <Text inherit>{children}</Text>
    </Badge>
  );
}

/** The screen instead of a page that this host does not show. @param {{ host: string }} props */
function Gate({ host }) {
  return (
    <Stack align="center" p="xl" className={cls("Gated", "screen")}>
      <Text fw={700}>This content has moved to civitai.red</Text>
      <Text size="sm">{host === "none" ? "Sign in to go on." : "Go on there."}</Text>
    </Stack>
  );
}

/**
 * @param {import("./site-data.js").Version} version
 * @param {number} now
 */
export function endsLater(version, now) {
  const endsAt = version.paidAccess?.endsAt;
  return endsAt != null && Date.parse(endsAt) > now;
}
