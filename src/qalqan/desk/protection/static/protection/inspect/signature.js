// A signature is kept as the way of the pen, in thousandths of the field, not as a picture.
import { make, say } from "../../ui/offline/words.js";

const WIDTH = 600;
const HEIGHT = 200;
const MOST_POINTS = 1500;

export const draw = (canvas, strokes) => {
  const ink = canvas.getContext("2d");
  ink.clearRect(0, 0, canvas.width, canvas.height);
  ink.strokeStyle = getComputedStyle(canvas).color;
  ink.lineWidth = 3;
  ink.lineCap = ink.lineJoin = "round";
  for (const stroke of strokes) {
    ink.beginPath();
    stroke.forEach(([x, y], number) => {
      const at = [(x / 1000) * canvas.width, (y / 1000) * canvas.height];
      if (number) ink.lineTo(...at);
      else ink.moveTo(...at);
    });
    if (stroke.length === 1) ink.lineTo((stroke[0][0] / 1000) * canvas.width + 0.1, (stroke[0][1] / 1000) * canvas.height);
    ink.stroke();
  }
};

// A field to sign in; `changed` is told the strokes whenever the pen leaves it.
export const pad = (label, strokes, changed) => {
  const canvas = make("canvas", {
    width: WIDTH, height: HEIGHT, class: "signature", role: "img", "aria-label": label,
  });
  let drawn = strokes.map((stroke) => [...stroke]);
  let current = null;
  const point = (event) => {
    const box = canvas.getBoundingClientRect();
    const share = (value, size) => Math.min(1000, Math.max(0, Math.round((value / size) * 1000)));
    return [share(event.clientX - box.left, box.width), share(event.clientY - box.top, box.height)];
  };
  const count = () => drawn.reduce((sum, stroke) => sum + stroke.length, 0);
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [point(event)];
    drawn.push(current);
    draw(canvas, drawn);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current || count() >= MOST_POINTS) return;
    current.push(point(event));
    draw(canvas, drawn);
  });
  const leave = () => {
    if (!current) return;
    current = null;
    changed(drawn);
  };
  canvas.addEventListener("pointerup", leave);
  canvas.addEventListener("pointercancel", leave);
  const clear = make("button", {
    type: "button", class: "button button-plain button-small", "aria-label": `${say("clear")}: ${label}`,
    onclick: () => {
      drawn = [];
      draw(canvas, drawn);
      changed(drawn);
    },
  }, say("clear"));
  requestAnimationFrame(() => draw(canvas, drawn));
  return make("div", { class: "stack" }, canvas, clear);
};
