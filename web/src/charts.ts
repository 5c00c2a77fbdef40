// What most pages draw: lines, bars, a gauge, a funnel. `charts_all.ts` has the rest; a page loads one of the two.
import { BarChart, FunnelChart, GaugeChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import "./chart_drawing";

echarts.use([
  BarChart, FunnelChart, GaugeChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer,
]);
