import { Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { cls } from "./class-names.js";
import { useStage } from "./stage.jsx";

/** @typedef {import("./site-data.js").Model} Model */

/**
 * What stands in a card's link: a picture; for mature models a canvas until somebody reveals it (the default for
 * visitors), or nothing while there is nothing to draw; words where there is no picture.
 *
 * @param {{ model: Model, revealed: boolean }} props
 */
export function CardCover({ model, revealed }) {
  const { covers } = useStage().data.options;
  if (model.cover === "none") {
    return (
      <div className="flex flex-1 h-full flex-col items-center justify-center">
        <Text>No Image</Text>
      </div>
    );
  }
  const hidden = model.mature && !revealed;
  if (hidden && covers === "hidden") return model.cover === "empty" ? null : <Blurhash id={model.id} />;
  return (
    <div className="flex-1 h-full">
      <img
        className={cls("AspectRatioImageCard", "image", "top", hidden && "blurred")}
        alt={model.name}
        src={`/covers/${model.id}.svg`}
      />
    </div>
  );
}

/** @param {{ id: number }} props */
function Blurhash({ id }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const gradient = context.createLinearGradient(0, 0, 32, 41);
    gradient.addColorStop(0, `hsl(${(id * 47) % 360} 40% 60%)`);
    gradient.addColorStop(1, `hsl(${(id * 47 + 50) % 360} 40% 30%)`);
    context.fillStyle = gradient;
    context.fillRect(0, 0, 32, 41);
  }, [id]);
  const place = /** @type {const} */ ({
    position: "absolute",
    top: 0,
    left: 0,
    width: "100%",
    height: "100%",
  });
  return <canvas ref={canvas} width={32} height={41} style={place} />;
}

/**
 * Whether this mature cover has been revealed, by its own button or everywhere.
 *
 * @param {Model} model
 * @returns {[revealed: boolean, reveal: () => void]}
 */
export function useReveal(model) {
  const { covers } = useStage().data.options;
  const [shown, show] = useState(0);
  // A root may come to serve another model.
  return [covers === "revealed" || shown === model.id, () => show(model.id)];
}
