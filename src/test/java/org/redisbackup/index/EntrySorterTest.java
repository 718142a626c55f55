package org.redisbackup.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntrySorterTest {
    @TempDir
    private Path folder;

    private record Entry(long high, long low, long value, long place) {
        static final Comparator<Entry> BY_KEY =
                Comparator.comparingLong(Entry::high).thenComparingLong(Entry::low);
    }

    private List<Entry> sorted(List<Entry> entries, int capacity, int fanIn) throws IOException {
        Path table = folder.resolve("table");
        try (EntrySorter sorter = new EntrySorter(table, capacity, fanIn)) {
            for (Entry each : entries) {
                sorter.add(each.high, each.low, each.value, each.place);
            }
            assertThat(sorter.finish()).isEqualTo(entries.size());
        }
        List<Entry> read = new ArrayList<>();
        try (FileChannel file = FileChannel.open(table)) {
            EntryCursor cursor = new RunCursor(file, 0, file.size(), 7);
            while (cursor.next()) {
                read.add(new Entry(cursor.high, cursor.low, cursor.value, cursor.place));
            }
        }
        return read;
    }

    /** Runs that are merged never, once, and three times. */
    @ParameterizedTest
    @CsvSource({"20000, 2", "1000, 512", "300, 5", "1, 512"})
    void sortsWhateverFitsIntoMemory(int capacity, int fanIn) throws IOException {
        Random random = new Random(1);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            // the first bits of many are the same, so that the others count
            long high = (random.nextLong() & 0xE000_0000_0000_0000L) | random.nextInt(1000);
            entries.add(new Entry(high, random.nextInt(), random.nextLong(), i));
        }
        assertThat(sorted(entries, capacity, fanIn))
                .isSortedAccordingTo(Entry.BY_KEY)
                .containsExactlyInAnyOrderElementsOf(entries);
        try (var files = Files.list(folder)) {
            assertThat(files).as("runs are gone").hasSize(1);
        }
    }

    @Test
    void sortsNothing() throws IOException {
        assertThat(sorted(List.of(), 10, 2)).isEmpty();
    }
}
