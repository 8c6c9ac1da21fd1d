import { Alert, Anchor, Button, Card, Code, Group, Stack, Text } from "@mantine/core";
import { Suspense } from "react";
import { cls } from "./class-names.js";
import { Icon } from "./icons.jsx";
import { CreatorText, LateSection } from "./LateSection.jsx";
import { endsLater } from "./ModelPage.jsx";
import { useStage } from "./stage.jsx";

/**
 * The columns under the version list: what can be done with the version on show, and what the creator says.
 *
 * @param {{ model: import("./site-data.js").Model, version: import("./site-data.js").Version }} props
 */
export function ModelDetails({ model, version }) {
  return (
    <div className="ContainerGrid">
      <div className="sideCol">
        <Stack gap="md">
          <Card withBorder p="md">
            <Stack gap="xs">
              <Actions model={model} version={version} />
            </Stack>
          </Card>
          <Notices model={model} version={version} />
          <Facts model={model} version={version} />
          <Suspense fallback={<Text>Loading…</Text>}>
            <LateSection modelId={model.id} />
          </Suspense>
        </Stack>
      </div>
      <div className={`mainCol ${cls("ModelVersionDetails", "mainSection")}`}>
        <CreatorText html={model.description} />
      </div>
    </div>
  );
}

/**
 * The price on Create: in August to whom a purchase is due, since September to everybody, in several colours.
 *
 * @param {{ version: import("./site-data.js").Version }} props
 */
function CreateMarks({ version }) {
  const { options, session } = useStage().data;
  const generation = version.paidAccess?.terms.generation;
  const price = generation && "price" in generation ? generation.price : null;
  if (options.era === "august") return price && !session ? <span className="pricePill">{price}</span> : null;
  return (
    <>
      {price && (
        <span className="pricePill" style={{ background: session ? "#1971C2" : "#f59f00" }}>
          {price}
        </span>
      )}
      <span className="loadedMark">{version.id % 2 === 0 ? "Loaded" : "Not loaded"}</span>
    </>
  );
}

/** @param {{ model: import("./site-data.js").Model, version: import("./site-data.js").Version }} props */
function Actions({ model, version }) {
  return (
    <>
      {version.canGenerate && (
        <Button
          fullWidth
          className="overflow-visible"
          data-tour="model:create"
          data-activity="create:model"
          {...(model.mode && { "data-disabled": true })}
        >
          <Group gap={8} wrap="nowrap">
            <Icon name="brush" size={20} />
            <Text inherit inline fw={600} className="hide-mobile">
              Create
            </Text>
          </Group>
          <CreateMarks version={version} />
        </Button>
      )}
      <div className="flex gap-2">
        <Button className="flex-1" color="gray" aria-label="Like" data-tour="model:like">
          <Icon name="thumb-up" size={18} />
        </Button>
        <Button className="flex-1" color="gray" aria-label="Add to collection">
          <Icon name="bookmark" size={18} />
        </Button>
      </div>
      {version.canDownload && (
        <Anchor size="sm" href={`/api/download/models/${version.id}?type=Model&format=SafeTensor`}>
          Download
        </Anchor>
      )}
    </>
  );
}

/** @param {{ model: import("./site-data.js").Model, version: import("./site-data.js").Version }} props */
function Notices({ model, version }) {
  const { now, session } = useStage().data;
  return (
    <>
      {endsLater(version, now) && (
        <Alert color="yellow">
          <Text size="xs">
            The creator of this {model.type} has set this version to{" "}
            <Text span inherit fw="bold">
              Early Access
            </Text>{" "}
            and as such it is only available for people who purchase it.
          </Text>
        </Alert>
      )}
      {version.usageControl === "Generation" && (
        <Alert color="blue">
          <Text size="xs">The creator has set this model to Generation-Only.</Text>
        </Alert>
      )}
      {model.availability === "Private" && session?.user.id === model.user.id && (
        <Alert color="yellow" title="Private Model">
          <Text size="xs">Only you can see it.</Text>
        </Alert>
      )}
    </>
  );
}

/** @param {{ model: import("./site-data.js").Model, version: import("./site-data.js").Version }} props */
function Facts({ model, version }) {
  const { session } = useStage().data;
  const urn = ["civitai:", `${model.id}`, "@", `${version.id}`];
  return (
    <>
      <div className={cls("ModelVersionDetails", "detailRow")}>
        <span className={cls("ModelVersionDetails", "detailLabel")}>Reviews</span>
        <Anchor size="sm" href={`/models/${model.id}/reviews?modelVersionId=${version.id}`}>
          Very Positive
        </Anchor>
      </div>
      {session && (
        <div className={cls("ModelVersionDetails", "detailRowTop")}>
          <span className={cls("ModelVersionDetails", "detailLabel")}>AIR</span>
          <Group gap={0}>
            {urn.map((part, at) => (
              <Code key={part} {...(at % 2 && { color: "blue" })} className={cls("ModelURN", "code")}>
                {part}
              </Code>
            ))}
          </Group>
        </div>
      )}
    </>
  );
}
