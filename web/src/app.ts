import htmx from "htmx.org";

import { startBulk } from "./bulk";
import { startCharts } from "./chart_loader";
import { startDates } from "./dates";
import { startDialogs } from "./dialogs";
import { startForms } from "./forms";
import { startGrid } from "./grid";
import { startHelp } from "./help";
import { startIdle } from "./idle";
import { startKeys } from "./keys";
import { startKanban } from "./kanban";
import { startLists } from "./lists";
import { startMenus } from "./menus";
import { startPads } from "./pad";
import { startPalette } from "./palette";
import { startReveal } from "./reveal";
import { startShell } from "./shell";
import { startSorts } from "./sorts";
import { startTabs } from "./tabs";
import { startToasts } from "./toasts";
import { startUndo } from "./undo";
import { startUploads } from "./uploads";
import { startVisited } from "./visited";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}

window.htmx = htmx;

function ready(): void {
  for (const start of [startShell, startMenus, startDialogs, startDates, startPalette, startHelp, startKeys, startForms, startUploads, startPads, startKanban, startGrid, startLists, startSorts, startBulk, startCharts, startReveal, startTabs, startToasts, startUndo, startVisited, startIdle]) start();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();
