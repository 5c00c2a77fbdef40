// Every kind of chart, for the few pages with a heat map or a graph of relations.
import { GraphChart, HeatmapChart } from "echarts/charts";
import { VisualMapComponent } from "echarts/components";
import * as echarts from "echarts/core";

import "./charts";

echarts.use([GraphChart, HeatmapChart, VisualMapComponent]);
