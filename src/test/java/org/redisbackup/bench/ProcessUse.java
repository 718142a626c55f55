package org.redisbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has used, read from {@code /proc} from time to time: it is gone once the process has ended. */
final class ProcessUse {
    static final int INTERVAL_MILLIS = 20;

    private static final double TICKS_PER_SECOND = 100;

    private final Path directory;
    private double cpuSeconds;
    private long peakBytes;

    ProcessUse(long pid) {
        directory = Path.of("/proc/" + pid);
    }

    void look() {
        try {
            String stat = Files.readString(directory.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            cpuSeconds = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
            peakBytes = Files.readAllLines(directory.resolve("status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(peakBytes);
        } catch (IOException e) {
            // it has just ended
        }
    }

    /** User and system time at the last look. */
    double cpuSeconds() {
        return cpuSeconds;
    }

    long peakBytes() {
        return peakBytes;
    }
}
