package org.redisbackup.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.rdb.decode.ElementVisitor;
import org.redisbackup.rdb.decode.ValueDecoder;
import org.redisbackup.rdb.decode.ValueValidator;

/**
 * Measures what looking at values costs, without a server: slicing a file, slicing and checking it, slicing and decoding
 * it, in turns, in processor time: {@code ReadingBench FILE.rdb ROUNDS}. The first two rounds warm up and do not count.
 */
public final class ReadingBench {
    private static final int WARM_UP = 2;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private ReadingBench() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        double[] sliced = new double[rounds];
        double[] checked = new double[rounds];
        double[] decoded = new double[rounds];
        Counter counter = new Counter();
        for (int round = -WARM_UP; round < rounds; round++) {
            double slicing = seconds(file, ValueCheck.NONE);
            double checking = seconds(file, new ValueValidator());
            counter.elements = 0;
            double decoding = seconds(file, decoding(counter));
            if (round >= 0) {
                sliced[round] = slicing;
                checked[round] = checking;
                decoded[round] = decoding;
            }
        }
        double slicing = median(sliced);
        System.out.printf(
                "slicing %.3f s, and checking %.3f s, and decoding %.3f s: %,d elements (%d), %.1f million a second%n",
                slicing,
                median(checked),
                median(decoded),
                counter.elements,
                counter.text,
                counter.elements / 1e6 / (median(decoded) - slicing));
    }

    private static ValueCheck decoding(ElementVisitor visitor) {
        ArrayWindow window = new ArrayWindow();
        ValueDecoder decoder = new ValueDecoder(window, 1 << 28, visitor);
        return (type, templates, bytes, from, length, offset) -> {
            window.over(bytes, from, length, offset);
            decoder.decode(type, templates);
        };
    }

    private static double seconds(Path file, ValueCheck check) throws IOException {
        long start = THREADS.getCurrentThreadCpuTime();
        try (BatchReader reader =
                new BatchReader(Files.newInputStream(file), RdbLimits.forThisHeap(), 4096, 256 * 1024, 0, check)) {
            reader.forEachRemaining(KeyBatch::release);
        }
        return (THREADS.getCurrentThreadCpuTime() - start) / 1e9;
    }

    private static double median(double[] seconds) {
        Arrays.sort(seconds);
        return seconds[seconds.length / 2];
    }

    /** Looks at the text of each element. */
    private static final class Counter implements ElementVisitor {
        private long elements;
        private long text;

        private void count(Element element) {
            text += element.bytes()[element.start()];
            elements++;
        }

        @Override
        public void text(byte[] text, int offset, int length) {
            elements++;
        }

        @Override
        public void element(Element element) {
            count(element);
        }

        @Override
        public void member(Element member) {
            count(member);
        }

        @Override
        public void field(Element field) {
            count(field);
        }

        @Override
        public void value(Element value) {
            count(value);
        }
    }
}
