import { ActionIcon, Badge, Text } from "@mantine/core";
import { CardChips } from "./CardChips.jsx";
import { CardCover, useReveal } from "./CardCover.jsx";
import { cls } from "./class-names.js";
import { Icon } from "./icons.jsx";
import { useInView } from "./in-view.jsx";
import { modelUrl } from "./model-url.js";
import { Link } from "./router.jsx";
import { useStage } from "./stage.jsx";

/** @typedef {import("./site-data.js").Model} Model */

const rootClass =
  "relative flex overflow-hidden rounded-md border-gray-3 bg-gray-0 shadow-gray-4 dark:border-dark-4 dark:bg-dark-6 dark:shadow-dark-8 flex-col";

/**
 * A model in a list. The root stays as long as its row does; what is in it, the link too, is there only near
 * the viewport. With a cosmetic, one more wrapper lies around the root.
 *
 * @param {{ model: Model, versionId?: number | undefined }} props
 */
export function ModelCard({ model, versionId }) {
  const [ref, inView] = useInView();
  const ratio = { aspectRatio: "7/9" };
  const root = (
    <div ref={ref} className={rootClass} style={model.cosmetic ? undefined : ratio}>
      <div className={cls("AspectRatioCard", "content", inView && "inView")}>
        {inView && <Content model={model} versionId={versionId} />}
      </div>
    </div>
  );
  if (!model.cosmetic) return root;
  return (
    <div className={cls("CosmeticWrapper", "wrapper")} style={ratio}>
      {root}
    </div>
  );
}

/** @param {{ model: Model, versionId: number | undefined }} props */
function Content({ model, versionId }) {
  const { rearranged } = useStage();
  const [revealed, reveal] = useReveal(model);
  const href = modelUrl(model, versionId);
  const link = (
    <Link
      key="link"
      className={cls("AspectRatioImageCard", "linkOrClick")}
      aria-label={model.name}
      href={href}
    >
      <CardCover model={model} revealed={revealed} />
    </Link>
  );
  const rating = model.mature && !revealed && <Rating key="rating" onReveal={reveal} />;
  const parts = [
    link,
    rating,
    <Header key="header" model={model} href={href} />,
    <Footer key="footer" model={model} />,
  ];
  return <>{rearranged ? parts.reverse() : parts}</>;
}

/** Over a cover that is not revealed. @param {{ onReveal: () => void }} props */
function Rating({ onReveal }) {
  return (
    <div className="absolute top-1/2 left-1/2 z-20 matureOverlay">
      <Text size="sm">This image is rated</Text>
      <Badge color="red">X</Badge>
      <button type="button" onClick={onReveal}>
        Show
      </button>
    </div>
  );
}

/** @param {{ model: Model, href: string }} props */
function Header({ model, href }) {
  return (
    <div className={cls("AspectRatioCard", "header")}>
      {model.mature && (
        <Badge className={cls("AspectRatioCard", "chip")} color="red">
          X
        </Badge>
      )}
      <div className="flex w-full items-start justify-between">
        <CardChips model={model} href={href} />
        <div className="flex flex-col items-center gap-2">
          <ActionIcon variant="transparent" color="white" aria-label="More options">
            <Icon name="dots-vertical" size={24} />
          </ActionIcon>
          {model.modelVersions[0]?.canGenerate && (
            <button
              type="button"
              className={cls("HoverActionButton", "wrapper")}
              data-activity="create:model-card"
            >
              <Badge size="xs" className={cls("HoverActionButton", "label")}>
                Create
              </Badge>
              <Icon name="brush" stroke={2.5} />
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** One to three lines, as long as the name is. @param {{ model: Model }} props */
function Footer({ model }) {
  return (
    <div className={cls("AspectRatioCard", "footer", "gradient")}>
      <div className="flex w-full flex-col items-start gap-1">
        <button type="button" className="flex w-fit items-center gap-2 mantine-UnstyledButton-root">
          <p className={cls("UserAvatarSimple", "username")}>{model.user.username}</p>
        </button>
        <Text className={cls("Cards", "dropShadow")} size="xl" fw={700} lineClamp={3} lh={1.2}>
          {model.name}
        </Text>
        <div className={cls("ModelCard", "stats")}>
          <Icon name="download" size={14} /> 9.9K <Icon name="bookmark" size={14} /> 1.2K
        </div>
      </div>
    </div>
  );
}
