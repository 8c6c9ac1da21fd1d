import { Badge, Divider, Text } from "@mantine/core";
import { cls } from "./class-names.js";
import { Icon } from "./icons.jsx";
import { endsLater } from "./ModelPage.jsx";
import { Link } from "./router.jsx";
import { useStage } from "./stage.jsx";

/** @typedef {import("./site-data.js").Model} Model */

/**
 * The chips at the top of a card. Since September 2026 what a gated model costs is a link of its own, to the same
 * page as the card; before, early access was a text and permanent gates were nothing.
 *
 * @param {{ model: Model, href: string }} props
 */
export function CardChips({ model, href }) {
  const { options, now } = useStage().data;
  const earlyAccess = model.modelVersions.some((version) => endsLater(version, now));
  const paid = model.modelVersions.some(({ paidAccess }) => paidAccess && paidAccess.timeframeDays === null);
  const september = options.era === "september";
  return (
    <div className="flex flex-wrap gap-1">
      {model.availability === "Private" && (
        <Badge className={cls("Cards", "infoChip", "chip")} variant="light" radius="xl">
          <Icon name="lock" />
        </Badge>
      )}
      <Badge className={cls("Cards", "infoChip", "chip")} variant="light" radius="xl">
        <Text size="xs" tt="capitalize" fw="bold" span>
          {model.type}
        </Text>
        <Divider orientation="vertical" />
        <Text size="xs" inherit span>
          IL
        </Text>
      </Badge>
      {september && <RecencyChip model={model} />}
      {september && (earlyAccess || paid) && <AccessChip href={href} earlyAccess={earlyAccess} />}
      {!september && earlyAccess && (
        <Badge className={cls("Cards", "chip")} variant="filled" radius="xl" style={green}>
          <Text size="xs" c="white" tt="capitalize" span>
            Early Access
          </Text>
        </Badge>
      )}
    </div>
  );
}

const green = { backgroundColor: "#1EBD8E" };

/** @param {{ href: string, earlyAccess: boolean }} props */
function AccessChip({ href, earlyAccess }) {
  const { options } = useStage().data;
  const sale = options.sale ? "20% off" : "";
  const name = earlyAccess ? "Early Access" : "Paid";
  return (
    <Badge
      component={Link}
      href={href}
      data-status-badge="access"
      aria-label={sale ? `${name}, ${sale}` : name}
      className={`${cls("Cards", "chip")} pointer-events-auto ${sale ? "" : "accessCircle"}`}
      variant="filled"
      radius="xl"
      style={green}
    >
      <Icon name={earlyAccess ? "clock-dollar" : "lock-dollar"} />
      {sale && (
        <Text size="xs" c="white" span>
          {sale}
        </Text>
      )}
    </Badge>
  );
}

/** @param {{ model: Model }} props */
function RecencyChip({ model }) {
  const word = model.id % 300 === 0 ? "New" : model.id % 200 === 0 ? "Updated" : null;
  if (!word) return null;
  return (
    <Badge
      data-status-badge="recency"
      className={cls("Cards", "chip")}
      variant="filled"
      radius="xl"
      color="blue"
    >
      <Text size="xs" c="white" tt="capitalize" span>
        {word}
      </Text>
    </Badge>
  );
}
