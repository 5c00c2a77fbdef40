// A signature drawn on the page: beside a file input with data-signature-pad, the drawing becomes its file. Without a script a picture is chosen.
import { onEvery } from "./page";

const WIDTH = 560;
const HEIGHT = 180;

export function startPads(): void {
  onEvery<HTMLInputElement>("input[type=file][data-signature-pad]", dress);
}

function dress(input: HTMLInputElement): void {
  const pad = document.createElement("canvas");
  pad.width = WIDTH;
  pad.height = HEIGHT;
  pad.className = "signature-pad";
  pad.setAttribute("role", "img");
  pad.setAttribute("aria-label", input.dataset.padLabel ?? "");
  const again = document.createElement("button");
  again.type = "button";
  again.className = "btn btn-quiet btn-small";
  again.textContent = input.dataset.padAgain ?? "";
  input.before(pad, again);
  const pen = pad.getContext("2d");
  if (!pen) return;
  blank(pen);
  again.addEventListener("click", () => {
    blank(pen);
    input.value = "";
  });
  draw(pad, pen, () => hand(pad, input));
}

function blank(pen: CanvasRenderingContext2D): void {
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.strokeStyle = "#111111";
  pen.lineWidth = 3;
  pen.lineCap = "round";
  pen.lineJoin = "round";
}

function draw(pad: HTMLCanvasElement, pen: CanvasRenderingContext2D, done: () => void): void {
  let isDown = false;
  const place = (event: PointerEvent): [number, number] => {
    const box = pad.getBoundingClientRect();
    return [((event.clientX - box.left) * WIDTH) / box.width, ((event.clientY - box.top) * HEIGHT) / box.height];
  };
  pad.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    isDown = true;
    pad.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  pad.addEventListener("pointermove", (event) => {
    if (!isDown) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    pad.addEventListener(end, () => {
      if (!isDown) return;
      isDown = false;
      done();
    });
  }
}

function hand(pad: HTMLCanvasElement, input: HTMLInputElement): void {
  pad.toBlob((picture) => {
    if (!picture) return;
    const held = new DataTransfer();
    held.items.add(new File([picture], "signature.png", { type: "image/png" }));
    input.files = held.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }, "image/png");
}
