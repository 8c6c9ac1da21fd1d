import { ActionIcon, Button, Group, ScrollArea, ThemeIcon, useComputedColorScheme } from "@mantine/core";
import { cls } from "./class-names.js";
import { Icon } from "./icons.jsx";
import { endsLater } from "./ModelPage.jsx";
import { useStage } from "./stage.jsx";

/**
 * The row of versions. No id is in it: not in an attribute, not in a link. The selected one differs by an
 * inline style only.
 *
 * @param {{ model: import("./site-data.js").Model, selected: number, onSelect: (id: number) => void }} props
 */
export function ModelVersionList({ model, selected, onSelect }) {
  const { session } = useStage().data;
  const owner = session?.user.id === model.user.id;
  return (
    <ScrollArea
      className={cls("ModelVersionList", "scrollContainer")}
      classNames={{ viewport: cls("ModelVersionList", "viewport") }}
    >
      <Arrow side="left" />
      <Group gap={4} wrap="nowrap">
        {model.modelVersions.map((version) => (
          <Wrapper key={version.id} version={version} owner={owner}>
            <VersionButton
              version={version}
              active={version.id === selected}
              onSelect={() => onSelect(version.id)}
            />
          </Wrapper>
        ))}
      </Group>
      <Arrow side="right" />
    </ScrollArea>
  );
}

/**
 * Around each button; owners have a menu beside it.
 *
 * @param {{ version: import("./site-data.js").Version, owner: boolean, children: import("react").ReactNode }} props
 */
function Wrapper({ version, owner, children }) {
  if (!owner) {
    return (
      <Group gap={0} wrap="nowrap">
        {children}
      </Group>
    );
  }
  return (
    <Button.Group>
      {children}
      <Button
        size="compact-sm"
        variant="filled"
        color="gray"
        px={4}
        aria-label={`Options of ${version.name}`}
      >
        <Icon name="dots-vertical" size={14} />
      </Button>
    </Button.Group>
  );
}

/** @param {{ version: import("./site-data.js").Version, active: boolean, onSelect: () => void }} props */
function VersionButton({ version, active, onSelect }) {
  const { data, rearranged } = useStage();
  const dark = useComputedColorScheme("dark") === "dark";
  const generates = version.canGenerate && version.status !== "Draft" && !rearranged;
  const brush = generates && data.options.era === "august";
  const loaded = generates && data.options.era === "september" && version.id % 2 === 0;
  const bolt = endsLater(version, data.now);
  return (
    <>
      <Button
        className="relative"
        size="compact-sm"
        variant={dark || active ? "filled" : "light"}
        color={active ? "blue" : "gray"}
        onClick={onSelect}
        ta="center"
        miw={40}
        style={bolt ? { borderTopRightRadius: 0, borderBottomRightRadius: 0 } : undefined}
      >
        <Group gap={8} wrap="nowrap">
          {brush && (
            <ThemeIcon
              title="This version is available for image generation"
              color="cyan"
              size="sm"
              radius="xl"
              variant="light"
              style={{ backgroundColor: "transparent" }}
            >
              <Icon name="brush" stroke={2.5} />
            </ThemeIcon>
          )}
          {loaded && (
            <span role="img" aria-label="Loaded" className="flex items-center">
              <Icon name="circle-check" size={14} />
            </span>
          )}
          {version.name}
        </Group>
      </Button>{" "}
      {bolt && (
        <ThemeIcon
          radius="sm"
          size="sm"
          color="yellow.7"
          style={{ width: 20, height: 26, borderTopLeftRadius: 0, borderBottomLeftRadius: 0 }}
        >
          <Icon name="bolt" />
        </ThemeIcon>
      )}
    </>
  );
}

/** @param {{ side: "left" | "right" }} props */
function Arrow({ side }) {
  return (
    <div className={cls("ModelVersionList", `${side}Arrow`, "hidden")}>
      <ActionIcon
        className={cls("ModelVersionList", "arrowButton")}
        variant="transparent"
        radius="xl"
        aria-label={`Scroll versions ${side}`}
      >
        <Icon name={`chevron-${side}`} size={24} />
      </ActionIcon>
    </div>
  );
}
