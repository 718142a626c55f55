package org.redisbackup.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.RestorePayload;

/**
 * Writes the {@code RESTORE} commands of an RDB file into a file for {@code redis-cli --pipe}, the fastest client there
 * is: {@code RestoreStream FILE.rdb FILE.resp}. All keys go into database 0.
 */
public final class RestoreStream {
    private RestoreStream() {}

    public static void main(String[] arguments) throws IOException {
        write(Path.of(arguments[0]), Path.of(arguments[1]));
    }

    static void write(Path rdb, Path stream) throws IOException {
        RdbLimits roomy = RdbLimits.forThisHeap().withMaxBufferedValue(1 << 30);
        try (BatchReader reader = new BatchReader(Files.newInputStream(rdb), roomy, 4096, 1 << 18, 0);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(stream), 1 << 20)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    write(batch, i, out);
                }
            }
        }
    }

    private static void write(KeyBatch batch, int i, OutputStream out) throws IOException {
        boolean expires = batch.expireAt(i) != KeyBatch.NO_EXPIRY;
        text(out, expires ? "*5\r\n" : "*4\r\n");
        argument(out, "RESTORE");
        text(out, "$" + batch.keyLength(i) + "\r\n");
        out.write(batch.arena(), batch.keyOffset(i), batch.keyLength(i));
        text(out, "\r\n");
        argument(out, expires ? Long.toString(batch.expireAt(i)) : "0");
        text(out, "$" + (batch.valueLength(i) + RestorePayload.OVERHEAD) + "\r\n");
        out.write(batch.type(i).id());
        out.write(batch.arena(), batch.valueOffset(i), (int) batch.valueLength(i));
        byte[] footer = new byte[RestorePayload.FOOTER];
        RestorePayload.writeFooter(footer, 0, batch.type(i).stampVersion(), batch.payloadCrc(i));
        out.write(footer);
        text(out, "\r\n");
        if (expires) {
            argument(out, "ABSTTL");
        }
    }

    private static void argument(OutputStream out, String argument) throws IOException {
        text(out, "$" + argument.length() + "\r\n" + argument + "\r\n");
    }

    private static void text(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
