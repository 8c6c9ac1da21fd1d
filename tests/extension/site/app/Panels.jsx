import { Anchor, Badge, Button, Group, Modal, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { cls } from "./class-names.js";
import { modelUrl } from "./model-url.js";
import { useQuery } from "./queries.jsx";

/** @typedef {import("./site-data.js").Resource} Resource */

/** The generator, left of any page: resources in use, the prompt, and the window to choose more. */
export function GeneratorPanel() {
  const { data = [] } = useQuery("resource.list", { limit: 3, skip: 0 });
  const [choosing, choose] = useState(false);
  return (
    <aside className="generatorPanel" aria-label="Generator">
      <Stack gap="xs" p="sm">
        <Textarea label="Prompt" rows={3} defaultValue="a lighthouse, https://civitai.com/models/827184" />
        {data.map((resource) => (
          <Row key={resource.versionId} resource={resource} />
        ))}
        <Button size="compact-sm" onClick={() => choose(true)}>
          Add resource
        </Button>
      </Stack>
      <Modal
        opened={choosing}
        onClose={() => choose(false)}
        title="Select resource"
        transitionProps={{ duration: 0 }}
      >
        <ResourceSelect />
      </Modal>
    </aside>
  );
}

/** @param {{ resource: Resource }} props */
function Row({ resource }) {
  return (
    <Group gap="xs" justify="space-between" wrap="nowrap">
      <div className="min-w-0 flex-1">
        <Anchor href={url(resource)} target="_blank" size="sm" fw={590} className="block w-fit">
          {resource.name}
        </Anchor>
        <Text size="xs" c="dimmed">
          ({resource.versionName})
        </Text>
      </div>
      <Badge size="sm">{resource.type}</Badge>
    </Group>
  );
}

/** The link follows the version that is chosen. */
function ResourceSelect() {
  const { data = [] } = useQuery("resource.list", { limit: 6, skip: 0 });
  const [at, select] = useState(0);
  const resource = data[at];
  if (!resource) return null;
  return (
    <Stack>
      <Anchor href={url(resource)} target="_blank">
        {resource.name}
      </Anchor>
      <NativeSelect
        aria-label="Version"
        data={data.map((option, value) => ({ value: `${value}`, label: option.versionName }))}
        onChange={(event) => select(Number(event.currentTarget.value))}
      />
    </Stack>
  );
}

/** The chat: messages with links, and something to write in. It throws out what is not its own. */
export function Chat() {
  const { data = [] } = useQuery("resource.list", { limit: 2, skip: 0 });
  const log = useRef(/** @type {HTMLDivElement | null} */ (null));
  useKeepOut(log);
  return (
    <section className={cls("ExistingChat", "chat")} aria-label="Chat">
      <div ref={log} role="log" className="messages">
        {data.map((resource) => (
          <Text key={resource.versionId} className={cls("ExistingChat", "chatMessage", "otherMessage")}>
            See <a href={`https://civitai.com${url(resource)}`}>{resource.name}</a>
          </Text>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: an editor of one's own making, as there */}
      <div
        role="textbox"
        tabIndex={0}
        aria-label="Message"
        contentEditable
        suppressContentEditableWarning
        className={cls("ExistingChat", "chatInput")}
      >
        Look at <a href="https://civitai.com/models/827184">this one</a>
      </div>
    </section>
  );
}

/** A box that lets nothing in, for as long as one tries. */
export function HostileBox() {
  const { data = [] } = useQuery("resource.list", { limit: 1, skip: 0 });
  const box = useRef(/** @type {HTMLDivElement | null} */ (null));
  useKeepOut(box);
  return (
    <div ref={box} id="hostile">
      {data.map((resource) => (
        <p key={resource.versionId}>
          Here is <a href={`https://civitai.com${url(resource)}`}>{resource.name}</a>, leave it alone.
        </p>
      ))}
    </div>
  );
}

/** @param {import("react").RefObject<HTMLElement>} ref */
function useKeepOut(ref) {
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const guard = new MutationObserver((records) => {
      for (const node of records.flatMap((record) => [...record.addedNodes])) {
        // What React made carries its mark.
        if (node instanceof Element && !Object.keys(node).some((key) => key.startsWith("__reactFiber$")))
          node.remove();
      }
    });
    guard.observe(element, { childList: true, subtree: true });
    return () => guard.disconnect();
  }, [ref]);
}

/** @param {Resource} resource */
function url(resource) {
  return modelUrl({ id: resource.modelId, name: resource.name }, resource.versionId);
}
