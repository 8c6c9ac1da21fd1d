import { Button, Group, Title } from "@mantine/core";
import TipTapLink from "@tiptap/extension-link";
import { EditorContent, useEditor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { useQuery } from "./queries.jsx";

const extensions = [StarterKit, TipTapLink.configure({ openOnClick: false })];

/**
 * The discussion: an editor with a model's link in its text. ProseMirror takes out what is not its own, at
 * once and for ever: nothing may be put in here.
 */
export function CommentEditor() {
  const { data } = useQuery("resource.list", { limit: 1, skip: 0 });
  const id = data?.[0]?.modelId ?? 0;
  return (
    <section className="discussion">
      <Title order={2}>Discussion</Title>
      {id > 0 && <Editor key={id} href={`https://civitai.com/models/${id}`} />}
    </section>
  );
}

/** @param {{ href: string }} props */
function Editor({ href }) {
  const editor = useEditor({
    extensions,
    immediatelyRender: false,
    content: `<p>Have you tried <a href="${href}">this model</a> with it?</p>`,
  });
  return (
    <>
      <div className="richText">
        <EditorContent editor={editor} />
      </div>
      <Group justify="flex-end" mt="xs">
        <Button size="compact-sm">Comment</Button>
      </Group>
    </>
  );
}
