package org.redisbackup.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results of a {@link Suite} as a table in Markdown and as a chart. */
final class SuiteReport {
    private static final String YARDSTICK = "redis-cli --pipe";
    private static final int LABEL = 210;
    private static final int UNIT = 170; // pixels of a ratio of 1
    private static final int LONGEST = 640;
    private static final int BAR = 18;

    private final Map<String, Map<String, List<Suite.Measured>>> results;

    /** @param results by data set and way, one a round */
    SuiteReport(Map<String, Map<String, List<Suite.Measured>>> results) {
        this.results = results;
    }

    String table() {
        StringBuilder table =
                new StringBuilder("| data | way | wall, ratio to --pipe | wall s | server CPU s | client CPU s"
                        + " | peak MB | allocated MB |\n|---|---|---|---|---|---|---|---|\n");
        results.forEach((data, ways) -> ways.forEach((way, runs) -> table.append(String.format(
                Locale.ROOT,
                "| %s | %s | %.2f | %.2f | %.2f | %.2f | %.0f | %.0f |%n",
                data,
                way,
                ratio(ways, way),
                median(runs, Suite.Measured::wall),
                median(runs, Suite.Measured::serverCpu),
                median(runs, Suite.Measured::clientCpu),
                median(runs, run -> run.peakMemory() / 1e6),
                median(runs, run -> run.allocated() / 1e6)))));
        return table.toString();
    }

    /** Bars of the wall time as a ratio to the yardstick; shorter is faster. */
    String chart() {
        StringBuilder bars = new StringBuilder();
        int y = 30;
        for (Map.Entry<String, Map<String, List<Suite.Measured>>> data : results.entrySet()) {
            bars.append(text(4, y, "data set " + data.getKey(), "bold"));
            y += 8;
            for (String way : data.getValue().keySet()) {
                double ratio = ratio(data.getValue(), way);
                long width = Math.min(LONGEST, Math.round(ratio * UNIT));
                bars.append(text(4, y + BAR - 5, way, "normal"));
                bars.append(String.format(
                        "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>%n",
                        LABEL, y, width, BAR - 4, Suite.isOurs(way) ? "#c0392b" : "#8fa3ad"));
                bars.append(text(
                        LABEL + (int) width + 6, y + BAR - 5, String.format(Locale.ROOT, "%.2f", ratio), "normal"));
                y += BAR;
            }
            y += 24;
        }
        return String.format(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='12'>%n"
                        + "<rect width='100%%' height='100%%' fill='white'/>%n"
                        + "<text x='4' y='12'>Wall time as a ratio to redis-cli --pipe with RESTORE commands;"
                        + " shorter is faster</text>%n%s</svg>%n",
                LABEL + LONGEST + 50, y, bars);
    }

    private static String text(int x, int y, String text, String weight) {
        return String.format("<text x='%d' y='%d' font-weight='%s'>%s</text>%n", x, y, weight, text);
    }

    /** Of what was done in the same round, so that a machine that is busy for a while spoils neither side alone. */
    private static double ratio(Map<String, List<Suite.Measured>> ways, String way) {
        List<Suite.Measured> runs = ways.get(way);
        List<Suite.Measured> yardstick = ways.get(YARDSTICK);
        double[] ratios = new double[runs.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = runs.get(i).wall() / yardstick.get(i).wall();
        }
        Arrays.sort(ratios);
        return ratios[ratios.length / 2];
    }

    private static double median(List<Suite.Measured> runs, ToDoubleFunction<Suite.Measured> value) {
        double[] values = runs.stream().mapToDouble(value).sorted().toArray();
        return values[values.length / 2];
    }
}
