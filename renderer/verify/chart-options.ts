import uPlot from 'uplot';
import { formatDuration } from '../../shared/metrics/format-duration.js';
import type { Gap } from './watch-series.js';

export type ChartLook = {
  readonly from: number;
  readonly to: number;
  /** Where the rollback was complete. */
  readonly markAt: number;
  /** What it was before; drawn as a line across. */
  readonly baseline: number | null;
  readonly gaps: readonly Gap[];
  readonly isBars: boolean;
  readonly hasTimeAxis: boolean;
  readonly format: (value: number) => string;
};

/** Room beside the plot; the strip of health keeps the same (watch-charts.module.css). */
const GUTTER_PX = 62;
const RIGHT_PX = 22;
const HEIGHT_PX = 56;
const TIME_AXIS_PX = 24;

/** Colours come from the page's tokens at the moment of drawing. */
export function chartOptions(look: ChartLook, element: HTMLElement): uPlot.Options {
  const token = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const faint = token('--lg-faint');
  const line = token('--lg-line');
  const font = `11px ${token('--lg-sans')}`;
  return {
    width: Math.max(1, element.clientWidth),
    height: HEIGHT_PX + (look.hasTimeAxis ? TIME_AXIS_PX : 0),
    padding: [6, RIGHT_PX, look.hasTimeAxis ? 0 : 4, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [look.from, look.to] },
      y: { range: (_chart, _min, max) => [0, top(max, look.baseline)] },
    },
    axes: [
      {
        show: look.hasTimeAxis,
        size: TIME_AXIS_PX,
        incrs: [5, 10, 30, 60, 120, 300, 600, 1_800, 3_600],
        stroke: faint,
        font,
        grid: { show: false },
        ticks: { stroke: line, width: 1, size: 4 },
        values: (_chart, splits) => splits.map((at) => (at < 0 ? '' : formatDuration(at))),
      },
      {
        size: GUTTER_PX,
        stroke: faint,
        font,
        gap: 6,
        grid: { stroke: line, width: 1 },
        ticks: { show: false },
        splits: (_chart, _axis, _min, max) => [0, max],
        values: (_chart, splits) => splits.map(look.format),
      },
    ],
    series: [{}, seriesStyle(look, token)],
    hooks: {
      drawClear: [
        (chart) => {
          drawGaps(chart, look.gaps, token('--lg-warn'));
        },
      ],
      draw: [
        (chart) => {
          drawLines(chart, look, token('--lg-dim'), token('--lg-accent'));
        },
      ],
    },
  };
}

function seriesStyle({ isBars }: ChartLook, token: (name: string) => string): uPlot.Series {
  const paths = isBars ? uPlot.paths.bars?.({ size: [0.5, 6, 2] }) : undefined;
  const colour = token(isBars ? '--lg-bad' : '--lg-accent');
  return {
    stroke: colour,
    width: isBars ? 0 : 1.5,
    spanGaps: false,
    points: { show: false },
    ...(isBars && { fill: colour }),
    ...(paths !== undefined && { paths }),
  };
}

/** A little air above the highest value, and never a flat zero. */
function top(max: number | null, baseline: number | null): number {
  return Math.max(max ?? 0, baseline ?? 0, 1) * 1.15;
}

function drawGaps(chart: uPlot, gaps: readonly Gap[], colour: string): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.14;
  for (const { from, to } of gaps) {
    const left = chart.valToPos(from, 'x', true);
    ctx.fillRect(left, bbox.top, chart.valToPos(to, 'x', true) - left, bbox.height);
  }
  ctx.restore();
}

function drawLines(
  chart: uPlot,
  { markAt, baseline }: ChartLook,
  baselineColour: string,
  markColour: string,
): void {
  const { ctx, bbox } = chart;
  const stroke = (colour: string, dash: readonly number[], path: () => void): void => {
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
    ctx.beginPath();
    path();
    ctx.stroke();
    ctx.restore();
  };
  if (baseline !== null) {
    const y = chart.valToPos(baseline, 'y', true);
    stroke(baselineColour, [4, 4], () => {
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
    });
  }
  const x = chart.valToPos(markAt, 'x', true);
  stroke(markColour, [], () => {
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
  });
}
