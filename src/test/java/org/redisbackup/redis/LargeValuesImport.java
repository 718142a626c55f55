package org.redisbackup.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.GeneratedFile;
import org.redisbackup.support.RdbFile;

/**
 * Imports two files of large lists side by side: a program, so that it can be run with a small heap, of which it takes as
 * much for nothing as the service takes for itself. Its argument is the port of the server.
 */
final class LargeValuesImport {
    static final int LISTS = 24;
    static final int ELEMENT = 9_000;

    private static final int BALLAST = 28;
    private static final int BALLAST_PIECE = 1 << 18;

    private LargeValuesImport() {}

    public static void main(String[] arguments) throws IOException {
        List<byte[]> ballast = new ArrayList<>();
        while (ballast.size() < (BALLAST << 20) / BALLAST_PIECE) {
            ballast.add(new byte[BALLAST_PIECE]);
        }
        Target target = new Target("127.0.0.1", Integer.parseInt(arguments[0]), null, null, false);
        try (RestorePipeline pipeline = Imports.pipeline(target)) {
            CompletableFuture<RestoreResult> other = CompletableFuture.supplyAsync(() -> result(pipeline, "other"));
            long imported = result(pipeline, "one").imported() + other.join().imported();
            System.out.println(imported + " imported beside " + ballast.size());
        }
    }

    private static RestoreResult result(RestorePipeline pipeline, String name) {
        try {
            return Imports.all(pipeline, Imports.reader(new Lists(name), RdbLimits.forThisHeap()), ConflictPolicy.FAIL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of 1 to 10 MB, long ones and short ones in turn. */
    static int elements(int list) {
        return list % 2 == 0 ? 120 + 20 * list : 1100 - 20 * list;
    }

    private static final class Lists extends GeneratedFile {
        private static final int LIST = 1;
        private static final int HEAD = 9;
        private static final int END = 9;

        private final String name;
        private final byte[] element =
                bare(new RdbFile(Imports.MAGIC).text("x".repeat(ELEMENT).getBytes(StandardCharsets.US_ASCII)));
        private int begun;
        private int left; // elements of the list that was begun last
        private boolean ended;

        private Lists(String name) {
            this.name = name;
        }

        @Override
        protected byte[] more() {
            if (left > 0) {
                left--;
                return element.clone();
            }
            if (begun < LISTS) {
                left = elements(begun);
                RdbFile head = new RdbFile(Imports.MAGIC)
                        .record(LIST, name + begun)
                        .raw((byte) (0x40 | left >> 8), (byte) left);
                begun++;
                byte[] bytes = head.bytes();
                return Arrays.copyOfRange(bytes, begun == 1 ? 0 : HEAD, bytes.length - END);
            }
            if (ended) {
                return null;
            }
            ended = true;
            byte[] end = new RdbFile(Imports.MAGIC).bytes();
            return Arrays.copyOfRange(end, HEAD, end.length);
        }

        private static byte[] bare(RdbFile file) {
            byte[] bytes = file.bytes();
            return Arrays.copyOfRange(bytes, HEAD, bytes.length - END);
        }
    }
}
